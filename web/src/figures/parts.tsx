import { useFormat } from "@/ui/format";

/** Part is one piece of a bar. */
export interface Part {
  name: string;
  n: number;
  tone: "good" | "blue" | "accent" | "seal" | "line" | "empty";
}

/** Parts draws how a whole divides, as a bar; each piece says its name and number, and has its own pattern. */
export function Parts({ of }: { of: Part[] }) {
  const f = useFormat();
  const shown = of.filter((p) => p.n > 0);
  const text = shown.map((p) => `${p.name} ${f.count(p.n)}`).join(" · ");
  return (
    <div className="op-parts" role="img" aria-label={text} title={text}>
      {shown.map((p) => (
        <span key={p.name} className={`part ${p.tone}`} style={{ flexGrow: p.n }} />
      ))}
    </div>
  );
}

/** Legend says which pattern stands for what. */
export function Legend({ of }: { of: Pick<Part, "name" | "tone">[] }) {
  return (
    <ul className="op-legend" aria-hidden="true">
      {of.map((p) => (
        <li key={p.name}>
          <span className="op-parts">
            <span className={`part ${p.tone}`} />
          </span>
          {p.name}
        </li>
      ))}
    </ul>
  );
}
