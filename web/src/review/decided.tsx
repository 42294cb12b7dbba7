import { api } from "@/api/client";
import type { Case } from "@/api/schema";
import { failedWhy } from "@/claim/next";
import { has, useMe } from "@/session/me";
import { useFormat } from "@/ui/format";
import { Button, Notice } from "@/ui/kit";
import { OutcomeTag } from "@/ui/tags";
import { kinds, remedyStates, useWord } from "@/words/domain";
import { useLanguage, useWords } from "@/words/language";
import { caseWords } from "./case-words";
import { Grounds } from "./grounds";
import { useMove } from "./moves";
import { paysNothing } from "./ruling";

/** Decided is the ruling that stands, as both sides read it. */
export function Decided({ k }: { k: Case }) {
  const w = useWords(caseWords);
  const word = useWord();
  const f = useFormat();
  const d = k.claim.decisions?.at(-1);
  if (!d) return null;
  // Once appealed it stands no longer as the last word, until the case is decided anew or closed.
  const earlier = d.round < k.claim.round && k.claim.state !== "decided" && k.claim.state !== "closed";
  return (
    <section className="card" aria-labelledby="decided">
      <h2 id="decided">{earlier ? w.earlier(d.round) : w.decision}</h2>
      <div className="row tight">
        <OutcomeTag outcome={d.outcome} />
        {d.remedy?.kind && (
          <span>
            {word(kinds, d.remedy.kind)}{" "}
            {!paysNothing(d.remedy.kind) && <b className="num">{f.money(d.remedy.amount)}</b>}
          </span>
        )}
        <span className="faint">{f.moment(d.at)}</span>
      </div>
      <Carried k={k} />
      {d.text && (
        <div className="preview" style={{ marginTop: 10 }}>
          {d.text}
        </div>
      )}
      <div style={{ marginTop: 10 }}>
        <Grounds k={k} d={d} by={w.by} />
      </div>
    </section>
  );
}

/** Carried says how far what the buyer gets has come; an operator orders what failed once more. */
function Carried({ k }: { k: Case }) {
  const w = useWords(caseWords);
  const word = useWord();
  const f = useFormat();
  const { me } = useMe();
  const why = failedWhy(k.claim, useLanguage());
  const { id, remedy, closing } = k.claim;
  const again = useMove(k, w.orderedAgain, (header) =>
    api.POST("/v1/claims/{id}/remedy/again", { params: { path: { id }, header } }),
  );
  if (!remedy?.kind || closing === "withdrawn") return null;
  const at = remedy.failed_at ?? remedy.done_at ?? remedy.ordered_at;
  const line = [word(remedyStates, remedy.state), at && f.moment(at)].filter(Boolean).join(" · ");
  if (remedy.state !== "failed")
    return (
      <p className="muted">
        {w.carried} · {line}
      </p>
    );
  return (
    <Notice tone="seal">
      <strong>
        {w.carried} · {line}
      </strong>
      {why && <p className="case-carried">{why}</p>}
      <p className="case-carried">{w.failedAbout}</p>
      {has(me, "operator") && (
        <Button small busy={again.isPending} onClick={() => again.mutate()}>
          {w.orderAgain}
        </Button>
      )}
    </Notice>
  );
}
