import { lastOf } from "@/api/lists";
import type { Case } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/kit";
import { Countdown } from "@/ui/now";
import { OutcomeTag, StateTag } from "@/ui/tags";
import type { Side } from "@/words/codes";
import { kinds, reasons, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { failedWhy, remedyAbout, remedyState, remedyText, whatNext } from "./next";
import { claimWords } from "./words";

/** NextBox is the head of a claim's page: where it stands, who is waited for, until when. */
export function NextBox({ of, side }: { of: Case; side: Side }) {
  const language = useLanguage();
  const w = useWords(claimWords);
  const f = useFormat();
  const word = useWord();
  const { claim } = of;
  const next = whatNext(claim, side, language);
  const outcome = claim.state === "decided" || claim.state === "closed" ? lastOf(claim.decisions)?.outcome : undefined;
  const question = claim.state.startsWith("awaiting_") ? lastOf(claim.asked?.filter((q) => q.to === side)) : undefined;
  return (
    <section className={`next ${next.mine ? "mine" : ""}`} aria-live="polite">
      <div className="row">
        {outcome && claim.closing !== "withdrawn" ? <OutcomeTag outcome={outcome} /> : <StateTag state={claim.state} />}
        <span className="faint">
          {word(reasons, claim.reason)} · {word(kinds, claim.kind)} · <span className="num">{f.money(claim.ask)}</span>
        </span>
      </div>
      <h1>{next.title}</h1>
      <p className="muted">{next.text}</p>
      {question && !question.answered_at && pick(question.text, language) && (
        <blockquote className="words">{pick(question.text, language)}</blockquote>
      )}
      {next.due && (
        <p className="row">
          <Countdown due={next.due} />
          <span className="faint">
            {w.until} {f.moment(next.due)}
          </span>
        </p>
      )}
      <RemedyLine of={of} side={side} />
    </section>
  );
}

function RemedyLine({ of, side }: { of: Case; side: Side }) {
  const language = useLanguage();
  const f = useFormat();
  const remedy = of.claim.remedy;
  if (!remedy?.kind || of.claim.closing === "withdrawn") return null;
  const state = remedyState(of.claim, language);
  const text = remedyText(remedy.kind, f.money(remedy.amount), language);
  const about = remedyAbout(remedy.state, side, language);
  const why = failedWhy(of.claim, language);
  return (
    <p className="remedy">
      <strong>{text.charAt(0).toUpperCase() + text.slice(1)}</strong>
      {state && <span className={about ? "wrong" : "muted"}> · {state}</span>}
      {why && <span className="remedy-about">{why}</span>}
      {about && <span className="remedy-about muted">{about}</span>}
    </p>
  );
}

/** AppealStops says, before an appeal is sent, that what the platform was told to carry out waits for its outcome. */
export function AppealStops({ of }: { of: Case }) {
  const w = useWords(claimWords);
  const language = useLanguage();
  const f = useFormat();
  const { remedy } = of.claim;
  if (remedy?.state !== "ordered") return null;
  return <Notice tone="amber">{w.appealStops(remedyText(remedy.kind, f.money(remedy.amount), language))}</Notice>;
}
