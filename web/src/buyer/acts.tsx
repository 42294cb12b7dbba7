import { useState } from "react";
import { api } from "@/api/client";
import { lastOf } from "@/api/lists";
import type { Case } from "@/api/schema";
import { hasAll, useMove } from "@/claim/case";
import { AppealStops } from "@/claim/head";
import { remedyText } from "@/claim/next";
import { Sendings, TakePicture, unsent, useCourier } from "@/claim/sender";
import { Sure, Wrong } from "@/claim/sure";
import { heldBy } from "@/claim/upload";
import { useFormat } from "@/ui/format";
import { Button, Field } from "@/ui/kit";
import { toast } from "@/ui/toast";
import { useLanguage, useWords } from "@/words/language";
import { actWords } from "./act-words";

const open = ["screening", "awaiting_merchant", "awaiting_buyer", "awaiting_reply", "review", "visit"];

/** BuyerActs is what a claim waits for from its buyer, or what is theirs to decide now. */
export function BuyerActs({ of }: { of: Case }) {
  const { state } = of.claim;
  if (state === "awaiting_reply") return <OfferActs of={of} />;
  if (state === "awaiting_buyer") return <Supplement of={of} />;
  if (state === "decided" && !hasAll(of.claim, "buyer")) return <Appeal of={of} />;
  return null;
}

/** OtherActs are what a buyer may do besides, and nobody waits for. */
export function OtherActs({ of }: { of: Case }) {
  const { state } = of.claim;
  return (
    <>
      {state !== "awaiting_buyer" && (open.includes(state) || state === "decided") && <AddMore of={of} />}
      {open.includes(state) && <Withdraw of={of} />}
    </>
  );
}

function OfferActs({ of }: { of: Case }) {
  const w = useWords(actWords);
  const f = useFormat();
  const language = useLanguage();
  const id = of.claim.id;
  const accept = useMove(
    id,
    (v) => api.POST("/v1/claims/{id}/offer/accept", { params: v }),
    () => toast(w.accepted),
  );
  const decline = useMove(
    id,
    (v) => api.POST("/v1/claims/{id}/offer/decline", { params: v }),
    () => toast(w.declined),
  );
  const offer = of.claim.offer;
  if (!offer) return null;
  const what = remedyText(offer.remedy.kind, f.money(offer.remedy.amount), language);
  return (
    <section className="card section">
      <h2>{w.offer}</h2>
      <p className="offer">{what.charAt(0).toUpperCase() + what.slice(1)}</p>
      {offer.text && <blockquote className="words">{offer.text}</blockquote>}
      <Wrong error={accept.error ?? decline.error} />
      <Sure
        label={w.accept}
        about={w.acceptSure(what)}
        kind="primary"
        busy={accept.isPending}
        disabled={decline.isPending}
        act={() => accept.mutate()}
        beside={
          <Button wide busy={decline.isPending} disabled={accept.isPending} onClick={() => decline.mutate()}>
            {w.decline}
          </Button>
        }
      />
    </section>
  );
}

function Supplement({ of }: { of: Case }) {
  const w = useWords(actWords);
  const [text, setText] = useState("");
  const [asked, setAsked] = useState(false);
  const { courier, sending } = useCourier(of.claim.id, heldBy(of, "buyer"));
  const move = useMove(
    of.claim.id,
    (v) => api.POST("/v1/claims/{id}/supplement", { params: v, body: { text: text.trim() } }),
    () => toast(w.sent),
  );
  const since = lastOf(of.claim.asked)?.at ?? "";
  const added = (of.claim.evidence ?? []).some((e) => e.party === "buyer" && e.at >= since);
  const onTheWay = sending.some(unsent);
  const empty = text.trim() === "" && !added;
  return (
    <section className="card section">
      <h2>{w.answer}</h2>
      <TakePicture courier={courier} purpose="other" media={["photo", "video"]} primary about={w.answer} />
      <Sendings courier={courier} list={sending} />
      <Field label={w.answerLabel} hint={w.answerHint} wrong={asked && empty ? w.needSomething : undefined}>
        {(ids) => (
          <textarea
            {...ids}
            className="area"
            rows={4}
            maxLength={4000}
            value={text}
            onChange={(e) => setText(e.target.value)}
          />
        )}
      </Field>
      <Wrong error={move.error} />
      <Button
        kind="primary"
        wide
        busy={move.isPending}
        disabled={onTheWay}
        onClick={() => {
          setAsked(true);
          if (!empty) move.mutate();
        }}
      >
        {w.send}
      </Button>
    </section>
  );
}

function Appeal({ of }: { of: Case }) {
  const w = useWords(actWords);
  const [text, setText] = useState("");
  const [opened, setOpened] = useState(false);
  const [asked, setAsked] = useState(false);
  const move = useMove(
    of.claim.id,
    (v) => api.POST("/v1/claims/{id}/appeal", { params: v, body: { text: text.trim() } }),
    () => toast(w.appealed),
  );
  const empty = text.trim() === "";
  if (!opened)
    return (
      <Button wide onClick={() => setOpened(true)}>
        {w.appeal}
      </Button>
    );
  return (
    <section className="card section">
      <h2>{w.appeal}</h2>
      <p className="muted">{w.appealAbout}</p>
      <AppealStops of={of} />
      <Field label={w.appealLabel} wrong={asked && empty ? w.appealNeed : undefined}>
        {(ids) => (
          <textarea
            {...ids}
            className="area"
            rows={5}
            maxLength={4000}
            value={text}
            onChange={(e) => setText(e.target.value)}
          />
        )}
      </Field>
      <Wrong error={move.error} />
      <Button
        kind="primary"
        wide
        busy={move.isPending}
        onClick={() => {
          setAsked(true);
          if (!empty) move.mutate();
        }}
      >
        {w.appeal}
      </Button>
    </section>
  );
}

function AddMore({ of }: { of: Case }) {
  const w = useWords(actWords);
  const { courier, sending } = useCourier(of.claim.id, heldBy(of, "buyer"));
  const kept = new Set((of.evidence ?? []).map((it) => it.id));
  return (
    <section className="card section">
      <h2>{w.add}</h2>
      <p className="muted">{w.addAbout}</p>
      <TakePicture courier={courier} purpose="other" media={["photo", "video"]} about={w.add} />
      <Sendings courier={courier} list={sending.filter((s) => !kept.has(s.evidence ?? ""))} />
    </section>
  );
}

function Withdraw({ of }: { of: Case }) {
  const w = useWords(actWords);
  const move = useMove(
    of.claim.id,
    (v) => api.POST("/v1/claims/{id}/withdraw", { params: v }),
    () => toast(w.withdrawn),
  );
  return (
    <div className="stack tight">
      <p className="faint">{w.withdrawAbout}</p>
      <Wrong error={move.error} />
      <Sure label={w.withdraw} about={w.withdrawSure} kind="danger" busy={move.isPending} act={() => move.mutate()} />
    </div>
  );
}
