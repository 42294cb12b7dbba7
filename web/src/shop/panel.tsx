import { useState } from "react";
import { api } from "@/api/client";
import type { Case } from "@/api/schema";
import { useMove } from "@/claim/case";
import { limitOf } from "@/claim/limit";
import { remedyText } from "@/claim/next";
import { Sendings, TakePicture, underWay, useCourier } from "@/claim/sender";
import { Wrong } from "@/claim/sure";
import { heldBy } from "@/claim/upload";
import { useFormat } from "@/ui/format";
import { Button, Field } from "@/ui/kit";
import { toast } from "@/ui/toast";
import { kinds, useWord } from "@/words/domain";
import { useLanguage, useWords } from "@/words/language";
import { type AnswerKind, type Draft, draftOf, dropDraft, keepDraft, needsAmount, offerKinds, offerOf } from "./answer";
import { answerWords } from "./words";

/** AnswerPanel is the shop's yes, its offer, or its no. */
export function AnswerPanel({ of }: { of: Case }) {
  const w = useWords(answerWords);
  const { claim } = of;
  const [draft, setDraft] = useState(() => draftOf(claim));
  const [asked, setAsked] = useState(false);
  const { courier, sending } = useCourier(claim.id, heldBy(of, "merchant"));
  const change = (c: Partial<Draft>) => {
    const next = { ...draft, ...c };
    keepDraft(claim.id, next);
    setDraft(next);
  };
  const done = (text: string) => () => {
    dropDraft(claim.id);
    toast(text);
  };
  const text = draft.text.trim();
  const accept = useMove(
    claim.id,
    (v) => api.POST("/v1/claims/{id}/accept", { params: v, body: { text } }),
    done(w.accepted),
  );
  const contest = useMove(
    claim.id,
    (v) => api.POST("/v1/claims/{id}/contest", { params: v, body: { text } }),
    done(w.contested),
  );
  const remedy = offerOf(draft, limitOf(of));
  const offer = useMove(
    claim.id,
    async (v) => {
      if (remedy) await api.POST("/v1/claims/{id}/offer", { params: v, body: { remedy, text } });
    },
    done(w.offered),
  );
  const move = { accept, contest, offer };
  const busy = accept.isPending || contest.isPending || offer.isPending;
  const onTheWay = sending.some(underWay);
  const shown = (claim.evidence ?? []).some((e) => e.party === "merchant");
  const silent = text === "" && !shown;
  const send = () => {
    setAsked(true);
    if (!draft.kind || (draft.kind === "offer" && !remedy) || (draft.kind === "contest" && silent)) return;
    move[draft.kind].mutate();
  };
  const label = { accept: w.send, offer: w.sendOffer, contest: w.sendContest };
  return (
    <section className="card section answer" aria-label={w.title}>
      <h2>{w.title}</h2>
      <Kinds
        chosen={draft.kind}
        choose={(kind) => change({ kind })}
        wrong={asked && !draft.kind ? w.choose : undefined}
      />
      {draft.kind === "accept" && <AcceptPart of={of} />}
      {draft.kind === "offer" && <OfferPart of={of} draft={draft} change={change} asked={asked} />}
      {draft.kind === "contest" && (
        <div className="stack tight">
          <h3>{w.packing}</h3>
          <p className="faint">{w.packingAbout}</p>
          <TakePicture courier={courier} purpose="packing" media={["photo", "video"]} about={w.packing} />
        </div>
      )}
      <Sendings courier={courier} list={sending} />
      {draft.kind && (
        <Field
          label={draft.kind === "contest" ? w.contestText : w.text}
          hint={draft.kind === "contest" ? w.contestHint : w.textHint}
          wrong={asked && draft.kind === "contest" && silent ? w.contestNeed : undefined}
        >
          {(ids) => (
            <textarea
              {...ids}
              className="area"
              rows={draft.kind === "contest" ? 5 : 2}
              style={draft.kind === "contest" ? undefined : { minHeight: 64 }}
              maxLength={4000}
              value={draft.text}
              onChange={(e) => change({ text: e.target.value })}
            />
          )}
        </Field>
      )}
      <Wrong error={draft.kind && move[draft.kind].error} />
      {onTheWay && <p className="faint">{w.wait}</p>}
      <Button kind="primary" wide busy={busy} disabled={onTheWay} onClick={send}>
        {draft.kind ? label[draft.kind] : w.sendAny}
      </Button>
    </section>
  );
}

function Kinds({ chosen, choose, wrong }: { chosen?: AnswerKind; choose: (k: AnswerKind) => void; wrong?: string }) {
  const w = useWords(answerWords);
  const rows: [AnswerKind, string, string][] = [
    ["accept", w.accept, w.acceptAbout],
    ["offer", w.offer, w.offerAbout],
    ["contest", w.contest, w.contestAbout],
  ];
  return (
    <fieldset className="choices">
      <legend className="sr">{w.title}</legend>
      {rows.map(([kind, title, about]) => (
        <label key={kind} className="choice">
          <input type="radio" name="answer" checked={chosen === kind} onChange={() => choose(kind)} />
          <span className="grow">
            <strong>{title}</strong>
            <span className="muted">{about}</span>
          </span>
        </label>
      ))}
      {wrong && (
        <span className="wrong" role="alert">
          {wrong}
        </span>
      )}
    </fieldset>
  );
}

/** AcceptPart says what a yes costs before it is given. */
function AcceptPart({ of }: { of: Case }) {
  const w = useWords(answerWords);
  const f = useFormat();
  const language = useLanguage();
  const { kind } = of.claim;
  const ask = limitOf(of);
  return (
    <div className="notice amber">
      <div className="grow">
        <strong>{kind === "exchange" || kind === "repair" ? w.free : w.costs(f.money(ask))}</strong>
        <p>{w.acceptSure(remedyText(kind, f.money(ask), language))}</p>
      </div>
    </div>
  );
}

interface OfferProps {
  of: Case;
  draft: Draft;
  change: (c: Partial<Draft>) => void;
  asked: boolean;
}

function OfferPart({ of, draft, change, asked }: OfferProps) {
  const w = useWords(answerWords);
  const f = useFormat();
  const word = useWord();
  const ask = limitOf(of);
  const offer = offerOf(draft, ask);
  return (
    <div className="stack">
      <Field label={w.offerKind}>
        {(ids) => (
          <select
            {...ids}
            className="select"
            value={draft.offer}
            onChange={(e) => change({ offer: offerKinds.find((k) => k === e.target.value) })}
          >
            {offerKinds.map((k) => (
              <option key={k} value={k}>
                {word(kinds, k)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {needsAmount(draft.offer) && (
        <Field
          label={w.amount}
          hint={w.amountHint(f.money(ask))}
          wrong={asked && !offer ? w.amountWrong(f.money(ask)) : undefined}
        >
          {(ids) => (
            <input
              {...ids}
              className="input num"
              inputMode="decimal"
              autoComplete="off"
              maxLength={16}
              placeholder={draft.offer === "return_refund" ? f.money(ask) : undefined}
              value={draft.amount}
              onChange={(e) => change({ amount: e.target.value })}
            />
          )}
        </Field>
      )}
      {/* Said as it was understood, so that a slip of the comma is seen before it is sent. */}
      {offer && (
        <p className="muted" aria-live="polite">
          {offer.amount.amount > 0 ? w.costs(f.money(offer.amount)) : w.free}
        </p>
      )}
    </div>
  );
}
