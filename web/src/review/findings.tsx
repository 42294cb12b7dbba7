import type { Finding, Item } from "@/api/schema";
import { isStatement } from "@/claim/statement";
import { FindingTag } from "@/ui/tags";
import { oneIn } from "@/words/bound";
import { findingName, purposes, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { caseWords, limitOf } from "./case-words";

/** Numbered is a finding with the number that it has in the list and on the picture. */
export interface Numbered {
  number: number;
  item: Item;
  finding: Finding;
  index: number;
}

const strengthRank: Record<string, number> = { conclusive: 3, strong: 2, weak: 1, note: 0 };

/** numbered lists a claim's findings, the strongest first; equal ones stay in the order of the evidence. */
export function numbered(evidence: Item[]): Numbered[] {
  const all = evidence.flatMap((item) =>
    (item.screening?.findings ?? []).map((finding, index) => ({ item, finding, index })),
  );
  all.sort((a, b) => (strengthRank[b.finding.strength] ?? 0) - (strengthRank[a.finding.strength] ?? 0));
  return all.map((f, i) => ({ ...f, number: i + 1 }));
}

/** pictures are the pieces of a claim's evidence that can be looked at, in the viewer's order. */
export const pictures = (evidence: Item[]) => evidence.filter((e) => e.medium === "photo" || e.medium === "video");

/** calledIn is what a piece of evidence is called everywhere on the page: its number on the viewer's strip, and what it shows. */
export const calledIn = (evidence: Item[], item: Item, purpose: string) => {
  const i = pictures(evidence).findIndex((e) => e.id === item.id);
  return i < 0 ? purpose : `${i + 1} · ${purpose}`;
};

interface Props {
  list: Numbered[];
  evidence: Item[];
  onShow: (item: string) => void;
  /** onBeside shows a photo of the claim beside another one. */
  onBeside?: (item: string, other: string) => void;
  /** ticked are the findings a ruling rests on; none where nothing is ruled. */
  ticked?: { evidence: string; code: string }[];
  onTick?: (f: Numbered) => void;
}

/** Findings tells what the instruments found, how strongly, which way it speaks, and what it does not prove. */
export function Findings({ list, evidence, onShow, onBeside, ticked, onTick }: Props) {
  const w = useWords(caseWords);
  const word = useWord();
  const language = useLanguage();
  const pictured = evidence.some((e) => !isStatement(e));
  const written = evidence.filter(isStatement).length;
  const waiting = evidence.some((e) => !isStatement(e) && !e.screening);
  return (
    <section className="card" aria-labelledby="findings">
      <h2 id="findings">{w.findings}</h2>
      {waiting && <p className="muted">{w.screening}</p>}
      {!waiting && list.length === 0 && (
        <p className="muted">{pictured ? w.noFindings : written > 0 ? w.onlyWords(written) : w.noPictures}</p>
      )}
      {list.map((n) => {
        const { finding, item } = n;
        const bound = oneIn(finding.false_alarm, language);
        const limit = limitOf(finding);
        const other = evidence.find((e) => e.id === finding.reference && e.id !== item.id);
        const on = ticked?.some((t) => t.evidence === item.id && t.code === finding.code);
        return (
          <article key={`${item.id}-${n.index}`} className="finding">
            <span className={`finding-no num ${finding.strength === "note" ? "" : finding.stance}`}>{n.number}</span>
            <div className="stack tight">
              <div className="row tight between">
                <strong>{findingName(finding, language)}</strong>
                <FindingTag strength={finding.strength} stance={finding.stance} />
              </div>
              <p>{pick(finding.text, language)}</p>
              <p className="finding-limit">
                <b>{w.limit}</b> {limit ? pick(limit, language) : w.limitOther}
              </p>
              <div className="row tight">
                <button type="button" className="chip" onClick={() => onShow(item.id)}>
                  {calledIn(evidence, item, word(purposes, item.purpose))}
                </button>
                {onBeside && other && (
                  <button type="button" className="chip" onClick={() => onBeside(item.id, other.id)}>
                    {w.beside(calledIn(evidence, other, word(purposes, other.purpose)))}
                  </button>
                )}
                {bound && <span className="faint">{w.bound(bound)}</span>}
                {onTick && (
                  <label className="row tight nowrap">
                    <input type="checkbox" checked={!!on} onChange={() => onTick(n)} /> {w.tick}
                  </label>
                )}
              </div>
            </div>
          </article>
        );
      })}
    </section>
  );
}
