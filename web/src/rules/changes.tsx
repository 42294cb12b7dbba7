import { useMemo } from "react";
import type { Change } from "@/api/schema";
import { Tag } from "@/ui/kit";
import { pick, useLanguage, useWords, type Words } from "@/words/language";
import { countOf, diffLines, group, type Line } from "./diff";

const words: Words<{
  inWords: string;
  lines: string;
  count: (added: number, gone: number) => string;
  none: string;
  skipped: (n: number) => string;
  major: string;
  first: string;
  added: string;
  removed: string;
}> = {
  zh: {
    inWords: "变化说明（公示内容）",
    lines: "逐行对比",
    count: (added, gone) => `新增 ${added} 行，删除 ${gone} 行`,
    none: "与生效版本相同。",
    skipped: (n) => `……${n} 行未变`,
    major: "重大",
    first: "当前没有生效版本，这将是第一个。",
    added: "新增",
    removed: "删除",
  },
  en: {
    inWords: "What changes, as the notice says it",
    lines: "Line by line",
    count: (added, gone) => `${added} added, ${gone} removed`,
    none: "The same as the active version.",
    skipped: (n) => `… ${n} ${n === 1 ? "line" : "lines"} the same`,
    major: "Major",
    first: "No version is active; this would be the first.",
    added: "Added",
    removed: "Removed",
  },
};

/** Changes compares a text with the active version: in words for both sides, and line by line. */
export function Changes({ active, source, changes }: { active?: string; source: string; changes?: Change[] }) {
  const w = useWords(words);
  const language = useLanguage();
  const lines = useMemo(() => diffLines(active ?? "", source), [active, source]);
  const hunks = useMemo(() => group(lines), [lines]);
  if (active === undefined) return <p className="card muted">{w.first}</p>;
  return (
    <>
      {changes && (
        <section className="card stack">
          <h2>{w.inWords}</h2>
          {changes.length === 0 ? (
            <p className="muted">{w.none}</p>
          ) : (
            <ul className="rules-changes">
              {changes.map((c) => (
                <li key={c.field + c.text.en}>
                  {c.major && <Tag tone="amber">{w.major}</Tag>}
                  <span>{pick(c.text, language)}</span>
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
      <section className="card stack">
        <div className="op-card-head" style={{ marginBottom: 0 }}>
          <h2>{w.lines}</h2>
          <span className="faint num">{w.count(countOf(lines, "new"), countOf(lines, "gone"))}</span>
        </div>
        {hunks.length === 0 ? (
          <p className="muted">{w.none}</p>
        ) : (
          <div className="rules-diff">
            {hunks.map((h) => (
              <div key={`${h.lines[0]?.before}-${h.lines[0]?.after}`}>
                {h.skipped > 0 && <p className="rules-skipped">{w.skipped(h.skipped)}</p>}
                {h.lines.map((l) => (
                  <DiffLine key={`${l.kind}${l.before}-${l.after}`} line={l} />
                ))}
              </div>
            ))}
          </div>
        )}
      </section>
    </>
  );
}

function DiffLine({ line: l }: { line: Line }) {
  const w = useWords(words);
  return (
    <div className={`rules-line ${l.kind}`}>
      <span className="rules-no num">{l.before ?? ""}</span>
      <span className="rules-no num">{l.after ?? ""}</span>
      <span className="rules-sign">
        {l.kind === "new" ? "+" : l.kind === "gone" ? "−" : ""}
        {l.kind !== "same" && <span className="sr">{l.kind === "new" ? w.added : w.removed}</span>}
      </span>
      <code>{l.text || " "}</code>
    </div>
  );
}
