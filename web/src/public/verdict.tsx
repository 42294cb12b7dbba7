import { useFormat } from "@/ui/format";
import { Tag } from "@/ui/kit";
import { useWords } from "@/words/language";
import { checkWords } from "./check-words";
import { type Fault, kindOf, type Result } from "./dossier";

const tone = { genuine: "good", foreign: "amber", altered: "seal", nothing: "seal" } as const;
const sign = { genuine: "✓", foreign: "?", altered: "✕", nothing: "✕" };

/** Verdict says in words that a judge understands what a dossier is worth, and why. */
export function Verdict({ of: r, name }: { of: Result; name: string }) {
  const w = useWords(checkWords);
  const f = useFormat();
  const kind = kindOf(r);
  const about = {
    genuine: w.genuineAbout,
    foreign: w.foreignAbout,
    altered: w.alteredAbout,
    nothing: w.nothingAbout,
  }[kind];
  const bad = r.files.filter((x) => !x.ok).length;
  const faults = r.problems.filter((p) => !(kind === "nothing" && p.code === "not_a_dossier"));
  return (
    <article className="card stack verdict">
      <header className={`verdict-head ${tone[kind]}`}>
        <span className="verdict-sign" aria-hidden="true">
          {sign[kind]}
        </span>
        <div>
          <h2>{w[kind]}</h2>
          <p>{about}</p>
          <p className="verdict-name mono">{name}</p>
        </div>
      </header>
      {r.claim_id && (
        <dl className="pairs">
          <dt>{w.whole}</dt>
          <dd>{r.whole ? w.wholeYes(r.files.length) : bad > 0 ? w.wholeNo(bad) : w.wholeSeal}</dd>
          <dt>{w.signed}</dt>
          <dd>{r.ours ? w.signedYes : w.signedNo}</dd>
          <dt>{w.claim}</dt>
          <dd className="mono">{r.claim_id}</dd>
          <dt>{w.made}</dt>
          <dd>{f.moment(r.made_at, true)}</dd>
          <dt>{w.key}</dt>
          <dd className="mono">{r.key_id}</dd>
        </dl>
      )}
      {faults.length > 0 && (
        <section className="stack tight">
          <h3>{w.found}</h3>
          <ul className="faults">
            {faults.map((p) => (
              <li key={p.code}>{w.faults[p.code as Fault] ?? p.code}</li>
            ))}
          </ul>
        </section>
      )}
      {r.files.length > 0 && <Files of={r} open={bad > 0} />}
    </article>
  );
}

/** Files lists every file with its result, those that do not agree first. */
function Files({ of: r, open }: { of: Result; open: boolean }) {
  const w = useWords(checkWords);
  const f = useFormat();
  const list = [...r.files].sort((a, b) => Number(a.ok) - Number(b.ok));
  return (
    <details open={open} className="file-list">
      <summary>
        {w.files} <span className="faint num">{f.count(r.files.length)}</span>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{w.file}</th>
            <th scope="col">{w.size}</th>
            <th scope="col">{w.result}</th>
          </tr>
        </thead>
        <tbody>
          {list.map((x) => (
            <tr key={x.name}>
              <th scope="row" className="mono">
                {x.name}
              </th>
              <td className="num">{f.size(x.size)}</td>
              <td>
                {x.ok ? (
                  <Tag tone="good">✓ {w.same}</Tag>
                ) : (
                  <Tag tone="seal">✕ {w.states[x.problem as keyof typeof w.states] ?? x.problem}</Tag>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
