import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input, Radio } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { Case } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { useTroubleText } from "@/ui/states";
import { OutcomeTag } from "@/ui/tags";
import { toast } from "@/ui/toast";
import type { RulingOutcome, Side } from "@/words/codes";
import { kinds, outcomes, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { caseWords } from "./case-words";
import { Grounds } from "./grounds";
import { paysNothing } from "./ruling";

/** useMove makes a move of the case and loads it anew; what the desk refuses is said. */
/** useMove makes a change to the version that is shown, and says that it is made. */
export function useMove(
  k: Case,
  said: string,
  run: (header: { "If-Match": string }) => Promise<unknown>,
  onDone?: () => void,
) {
  const trouble = useTroubleText();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => run({ "If-Match": `"${k.claim.version}"` }),
    onSuccess: () => {
      toast(said);
      onDone?.();
    },
    onError: (e) => void toast(trouble(e)),
    onSettled: () => {
      for (const key of ["queue", "queue-summary"]) void queries.invalidateQueries({ queryKey: [key] });
      void queries.invalidateQueries({ queryKey: ["claim", k.claim.id] });
    },
  });
}

/** Ask puts a question to a side, in both languages where one can. */
export function Ask({ k, onDone }: { k: Case; onDone: () => void }) {
  const w = useWords(caseWords);
  const [to, setTo] = useState<Side>("buyer");
  const [zh, setZh] = useState("");
  const [en, setEn] = useState("");
  const id = k.claim.id;
  const ask = useMove(
    k,
    w.asked,
    (header) =>
      api.POST("/v1/claims/{id}/ask", {
        params: { path: { id }, header },
        body: { to, question: { zh: zh.trim(), en: en.trim() || zh.trim() } },
      }),
    onDone,
  );
  const visit = useMove(
    k,
    w.visiting,
    (header) => api.POST("/v1/claims/{id}/ask-visit", { params: { path: { id }, header } }),
    onDone,
  );
  return (
    <details>
      <summary>
        {w.ask} · {w.visit}
      </summary>
      <div className="stack tight" style={{ marginTop: 10 }}>
        <Radio.Group
          aria-label={w.ask}
          value={to}
          onChange={(e) => setTo(e.target.value)}
          options={[
            { value: "buyer", label: w.askBuyer },
            { value: "merchant", label: w.askMerchant },
          ]}
        />
        <Input.TextArea
          aria-label={w.question}
          placeholder={w.question}
          maxLength={2000}
          value={zh}
          onChange={(e) => setZh(e.target.value)}
        />
        <Input.TextArea
          aria-label={w.questionEn}
          placeholder={w.questionEn}
          maxLength={2000}
          value={en}
          onChange={(e) => setEn(e.target.value)}
        />
        <div className="row">
          <Button disabled={!zh.trim()} loading={ask.isPending} onClick={() => ask.mutate()}>
            {w.askSend}
          </Button>
          <Button loading={visit.isPending} onClick={() => visit.mutate()}>
            {w.visit}
          </Button>
        </div>
      </div>
    </details>
  );
}

/** Proposal shows what another reviewer would decide, to be confirmed or returned by the second person. */
export function Proposal({ k, onDone }: { k: Case; onDone: () => void }) {
  const w = useWords(caseWords);
  const word = useWord();
  const f = useFormat();
  const [note, setNote] = useState("");
  const id = k.claim.id;
  const p = k.claim.proposal;
  const confirm = useMove(
    k,
    w.confirmed,
    (header) => api.POST("/v1/claims/{id}/confirm", { params: { path: { id }, header } }),
    onDone,
  );
  const giveBack = useMove(
    k,
    w.giveBack,
    (header) => api.POST("/v1/claims/{id}/return", { params: { path: { id }, header }, body: { note: note.trim() } }),
    onDone,
  );
  if (!p) return null;
  return (
    <div className="stack" style={{ gap: 12 }}>
      <h3>{w.proposal}</h3>
      <div className="row tight">
        <OutcomeTag outcome={p.outcome} />
        {p.remedy?.kind && (
          <span>
            {word(kinds, p.remedy.kind)}{" "}
            {!paysNothing(p.remedy.kind) && <b className="num">{f.money(p.remedy.amount)}</b>}
          </span>
        )}
      </div>
      {p.text && <div className="preview">{p.text}</div>}
      <Grounds k={k} d={p} by={w.proposer} />
      <Button type="primary" size="large" loading={confirm.isPending} onClick={() => confirm.mutate()}>
        {w.confirm}
      </Button>
      <Input.TextArea
        aria-label={w.giveBackNote}
        placeholder={w.giveBackNote}
        maxLength={4000}
        value={note}
        onChange={(e) => setNote(e.target.value)}
      />
      <Button danger disabled={!note.trim()} loading={giveBack.isPending} onClick={() => giveBack.mutate()}>
        {w.giveBack}
      </Button>
    </div>
  );
}

/** Reread is the blind second reading: an outcome alone, for the figures. */
export function Reread({ k, onDone }: { k: Case; onDone: () => void }) {
  const w = useWords(caseWords);
  const word = useWord();
  const [outcome, setOutcome] = useState<RulingOutcome>();
  const send = useMove(
    k,
    w.rereadDone,
    () =>
      api.POST("/v1/claims/{id}/reread", {
        params: { path: { id: k.claim.id } },
        body: { outcome: outcome ?? "granted" },
      }),
    onDone,
  );
  return (
    <div className="stack" style={{ gap: 12 }}>
      <Alert type="info" showIcon title={w.rereadAbout} />
      <div className="outcomes" role="group" aria-label={w.outcome}>
        {(["granted", "partly", "refused"] as const).map((o) => (
          <button key={o} type="button" aria-pressed={outcome === o} onClick={() => setOutcome(o)}>
            {word(outcomes, o)}
          </button>
        ))}
      </div>
      <Button type="primary" size="large" disabled={!outcome} loading={send.isPending} onClick={() => send.mutate()}>
        {w.rereadSend}
      </Button>
    </div>
  );
}
