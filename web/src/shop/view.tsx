import { useState } from "react";
import { api } from "@/api/client";
import type { Case, Finding, Item } from "@/api/schema";
import { calledAmong } from "@/claim/called";
import { hasAll, useCase, useMove } from "@/claim/case";
import { DossierButton, OrderFacts } from "@/claim/facts";
import { AppealStops, NextBox } from "@/claim/head";
import { remedyText } from "@/claim/next";
import { Photos } from "@/claim/photos";
import { Sendings, TakePicture, useCourier } from "@/claim/sender";
import { Sure, Wrong } from "@/claim/sure";
import { Timeline } from "@/claim/timeline";
import { heldBy } from "@/claim/upload";
import { Trouble, Wait } from "@/claim/wait";
import { claimWords } from "@/claim/words";
import { useFormat } from "@/ui/format";
import { Button, Field } from "@/ui/kit";
import { FindingTag } from "@/ui/tags";
import { toast } from "@/ui/toast";
import { purposes, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { canAccept } from "./answer";
import { AnswerPanel } from "./panel";
import { answerWords } from "./words";
import "@/claim/claim.css";
import "./shop.css";

/** ShopView is a claim as the shop answers it: the buyer's side on the left, what to do on the right. */
export default function ShopView({ id }: { id: string }) {
  const { data, error, refetch } = useCase(id);
  if (error && !data) return <Trouble error={error} retry={() => void refetch()} />;
  if (!data) return <Wait />;
  return <View of={data} />;
}

function View({ of }: { of: Case }) {
  const w = useWords(answerWords);
  const c = useWords(claimWords);
  const evidence = of.evidence ?? [];
  const theirs = evidence.filter((it) => it.party === "buyer");
  const ours = [...evidence.filter((it) => it.party === "merchant"), ...(of.references ?? [])];
  return (
    <main id="main" className="page answering">
      <div className="stack" style={{ gap: 20 }}>
        <NextBox of={of} side="merchant" />
        <section className="card section">
          <h2>{w.buyerSays}</h2>
          {of.claim.story ? <p className="asis">{of.claim.story}</p> : <p className="faint">{w.noWords}</p>}
          <Photos items={theirs} />
          <Found items={theirs} />
        </section>
        {ours.length > 0 && (
          <section className="card section">
            <h2>{c.ofShop}</h2>
            <Photos items={ours} />
          </section>
        )}
        <section className="card section wide-only">
          <h2>{c.timeline}</h2>
          <Timeline of={of} />
        </section>
      </div>
      <div className="stack" style={{ gap: 20 }}>
        <Todo of={of} />
        <section className="card section">
          <h2>{c.order}</h2>
          <OrderFacts of={of} />
          <DossierButton id={of.claim.id} />
        </section>
        <section className="card section slim-only">
          <h2>{c.timeline}</h2>
          <Timeline of={of} />
        </section>
      </div>
    </main>
  );
}

function Todo({ of }: { of: Case }) {
  const { state } = of.claim;
  if (state === "awaiting_merchant") return <AnswerPanel of={of} />;
  return (
    <>
      {state === "decided" && !hasAll(of.claim, "merchant") && <ShopAppeal of={of} />}
      {(state === "decided" || state === "screening" || canAccept(of.claim)) && <AddMore of={of} />}
      {canAccept(of.claim) && <AcceptAfterAll of={of} />}
    </>
  );
}

/** Found lists what was found in the buyer's pictures, in words, each once. */
function Found({ items }: { items: Item[] }) {
  const w = useWords(answerWords);
  const word = useWord();
  const language = useLanguage();
  if (items.length === 0) return null;
  const seen = new Map<string, { finding: Finding; in: string[] }>();
  for (const it of items)
    for (const finding of it.screening?.findings ?? []) {
      const text = pick(finding.text, language);
      const one = seen.get(text) ?? { finding, in: [] };
      const name = calledAmong(items, it, word(purposes, it.purpose));
      if (!one.in.includes(name)) one.in.push(name);
      seen.set(text, one);
    }
  const waiting = items.some((it) => !it.screening);
  return (
    <div className="stack tight">
      <h3>{w.found}</h3>
      {seen.size === 0 && <p className="muted">{waiting ? w.foundWait : w.foundNone}</p>}
      <ul className="found">
        {[...seen].map(([text, { finding, in: places }]) => (
          <li key={text}>
            <span className="row tight">
              <FindingTag strength={finding.strength} stance={finding.stance} />
              <strong>{places.join(" · ")}</strong>
            </span>
            <span>{text}</span>
          </li>
        ))}
      </ul>
      {seen.size > 0 && <p className="faint">{w.foundAbout}</p>}
    </div>
  );
}

function AddMore({ of }: { of: Case }) {
  const w = useWords(answerWords);
  const { courier, sending } = useCourier(of.claim.id, heldBy(of, "merchant"));
  const kept = new Set((of.evidence ?? []).map((it) => it.id));
  return (
    <section className="card section">
      <h2>{w.addMore}</h2>
      <p className="muted">{w.addMoreAbout}</p>
      <TakePicture courier={courier} purpose="packing" media={["photo", "video"]} about={w.addMore} />
      <Sendings courier={courier} list={sending.filter((s) => !kept.has(s.evidence ?? ""))} />
    </section>
  );
}

function AcceptAfterAll({ of }: { of: Case }) {
  const w = useWords(answerWords);
  const f = useFormat();
  const language = useLanguage();
  const { id, kind, ask } = of.claim;
  const move = useMove(
    id,
    (v) => api.POST("/v1/claims/{id}/accept", { params: v, body: {} }),
    () => toast(w.accepted),
  );
  return (
    <div className="stack tight">
      <Wrong error={move.error} />
      <Sure
        label={w.stillAccept}
        about={w.acceptSure(remedyText(kind, f.money(ask), language))}
        kind="plain"
        busy={move.isPending}
        act={() => move.mutate()}
      />
    </div>
  );
}

function ShopAppeal({ of }: { of: Case }) {
  const w = useWords(answerWords);
  const [text, setText] = useState("");
  const [asked, setAsked] = useState(false);
  const move = useMove(
    of.claim.id,
    (v) => api.POST("/v1/claims/{id}/appeal", { params: v, body: { text: text.trim() } }),
    () => toast(w.appealed),
  );
  const empty = text.trim() === "";
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
            rows={4}
            maxLength={4000}
            value={text}
            onChange={(e) => setText(e.target.value)}
          />
        )}
      </Field>
      <Wrong error={move.error} />
      <Button
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
