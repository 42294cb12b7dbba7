import type { Case } from "@/api/schema";
import { Goods } from "@/claim/facts";
import { Photos } from "@/claim/photos";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/kit";
import { pick, useLanguage, useWords } from "@/words/language";
import { askOf, choosing, type Lack, type Step, unitsOf } from "./filing";
import type { StepProps } from "./steps";
import { filingWords } from "./words";

interface Props extends StepProps {
  of: Case;
  lack: Lack[];
  toStep: (s: Step) => void;
  onTheWay: number;
  /** known: what evidence is needed has been loaded. */
  known: boolean;
}

/** CheckStep shows the whole claim before it is sent, and first of all what is still missing. */
export function CheckStep({ order, wish, of, lack, toStep, onTheWay, known }: Props) {
  const w = useWords(filingWords);
  const f = useFormat();
  const language = useLanguage();
  const part = (title: string, step: Step, body: React.ReactNode) => (
    <section className="check-part">
      <div className="row between">
        <h2>{title}</h2>
        <button type="button" className="textbtn" onClick={() => toStep(step)} aria-label={`${w.change}: ${title}`}>
          {w.change}
        </button>
      </div>
      {body}
    </section>
  );
  const titles: Record<Step, string> = {
    goods: w.goods,
    reason: w.reason,
    kind: w.kind,
    evidence: w.evidence,
    words: w.words,
    check: w.check,
  };
  return (
    <div className="stack">
      {lack.length > 0 ? (
        <Notice tone="amber" alert>
          <strong>{w.missing(lack.length)}</strong>
          <ul className="plainlist">
            {lack.map((l) => (
              <li key={l.step + (l.requirement?.purpose ?? "")}>
                {l.requirement ? pick(l.requirement.text, language) : titles[l.step]}
              </li>
            ))}
          </ul>
        </Notice>
      ) : onTheWay > 0 ? (
        <Notice tone="amber" alert>
          {w.uploads(onTheWay)}
        </Notice>
      ) : (
        known && <Notice tone="good">{w.ready}</Notice>
      )}
      <div className="card">
        {part(
          w.goodsShort,
          choosing(order) ? "goods" : "reason",
          <Goods order={order} lines={wish.lines} units={unitsOf(order, wish)} />,
        )}
        {part(w.reasonShort, "reason", <p>{wish.reason && w.reasons[wish.reason][0]}</p>)}
        {part(
          w.kindShort,
          "kind",
          <p>
            {wish.kind && w.kinds[wish.kind][0]}
            {wish.kind?.includes("refund") && ` · ${f.money(askOf(order, wish))}`}
          </p>,
        )}
        {part(w.photosShort, "evidence", <Photos items={(of.evidence ?? []).filter((it) => it.party === "buyer")} />)}
        {part(
          w.story,
          "words",
          wish.story.trim() ? <p className="asis">{wish.story}</p> : <p className="faint">{w.noStory}</p>,
        )}
      </div>
      <p className="faint">{w.honest}</p>
    </div>
  );
}
