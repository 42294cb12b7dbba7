import type { Case } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { OutcomeTag } from "@/ui/tags";
import { kinds, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { caseWords } from "./case-words";

/** Decided is the ruling that stands, as both sides read it. */
export function Decided({ k }: { k: Case }) {
  const w = useWords(caseWords);
  const word = useWord();
  const f = useFormat();
  const d = k.claim.decisions?.at(-1);
  if (!d) return null;
  return (
    <section className="card" aria-labelledby="decided">
      <h2 id="decided">{w.decision}</h2>
      <div className="row tight">
        <OutcomeTag outcome={d.outcome} />
        {d.remedy?.kind && (
          <span>
            {word(kinds, d.remedy.kind)} <b className="num">{f.money(d.remedy.amount)}</b>
          </span>
        )}
        <span className="faint">{f.moment(d.at)}</span>
      </div>
      {d.text && (
        <div className="preview" style={{ marginTop: 10 }}>
          {d.text}
        </div>
      )}
      {d.note && <p className="muted">{d.note}</p>}
    </section>
  );
}
