import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input, Select } from "antd";
import { type RefObject, useMemo } from "react";
import { api } from "@/api/client";
import { troubleOf } from "@/api/problem";
import type { Case, ReasonBody } from "@/api/schema";
import { limitOf } from "@/claim/limit";
import { money, useFormat } from "@/ui/format";
import { useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import type { Kind, RulingOutcome } from "@/words/codes";
import { findingName, kinds, outcomes, strengths, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { caseWords } from "./case-words";
import { reasonsQuery } from "./data";
import type { Numbered } from "./findings";
import { type Draft, missingIn, needsSecond, paysNothing, rulingOf } from "./ruling";

export interface RulingProps {
  k: Case;
  draft: Draft;
  onDraft: (change: Partial<Draft>) => void;
  findings: Numbered[];
  /** send is filled with what Ctrl+Enter does. */
  send: RefObject<(() => void) | undefined>;
  onDone: () => void;
}

const remedies: Kind[] = ["partial_refund", "return_refund", "exchange", "repair", "refund_only"];

/** useDecide sends a ruling on the version that was read; where that has changed, the draft stays and the case comes anew. */
function useDecide({ claim }: Case, draft: Draft, second: boolean, onDone: () => void) {
  const w = useWords(caseWords);
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      api.POST("/v1/claims/{id}/decision", {
        params: { path: { id: claim.id }, header: { "If-Match": `"${claim.version}"` } },
        body: rulingOf(draft, claim),
      }),
    onSuccess: () => {
      toast(second ? w.proposed : w.sent);
      for (const key of ["queue", "queue-summary"]) void queries.invalidateQueries({ queryKey: [key] });
      void queries.invalidateQueries({ queryKey: ["claim", claim.id] });
      onDone();
    },
    onError: (e) => {
      if (troubleOf(e).status === 412) {
        toast(w.changed);
        void queries.invalidateQueries({ queryKey: ["claim", claim.id] });
      }
    },
  });
}

/** Ruling is where a reviewer writes what they decide, with what both sides will read. */
export function Ruling({ k, draft, onDraft, findings, send, onDone }: RulingProps) {
  const w = useWords(caseWords);
  const word = useWord();
  const f = useFormat();
  const language = useLanguage();
  const trouble = useTroubleText();
  const codes = useQuery(reasonsQuery);
  const claim = k.claim;
  const missing = missingIn(draft, limitOf(k));
  const second = needsSecond(claim, draft);
  const badAmount = missing.includes("amount") && draft.amount !== "";
  const gets = missing.includes("amount") ? undefined : rulingOf(draft, claim).remedy;
  const decide = useDecide(k, draft, second, onDone);
  send.current = () => {
    if (missing.length === 0 && !decide.isPending) decide.mutate();
  };
  const options = useMemo(
    () =>
      codes.data?.items
        ?.filter((c) => !draft.outcome || c.outcomes?.includes(draft.outcome))
        .map((c) => ({ value: c.code, label: pick(c.text, language) })),
    [codes.data, draft.outcome, language],
  );
  const choose = (outcome: RulingOutcome) =>
    onDraft({
      outcome,
      kind: outcome === "partly" ? (draft.kind ?? "partial_refund") : undefined,
      codes: draft.codes.filter((c) => codes.data?.items?.find((i) => i.code === c)?.outcomes?.includes(outcome)),
    });
  const lacking = { outcome: w.needOutcome, codes: w.needCodes, text: w.needText, amount: w.needAmount };
  const error = decide.error && troubleOf(decide.error).status !== 412 ? trouble(decide.error) : undefined;
  return (
    <div className="stack" style={{ gap: 12 }}>
      <div className="outcomes" role="group" aria-label={w.outcome}>
        {(["granted", "partly", "refused"] as const).map((o) => (
          <button key={o} type="button" aria-pressed={draft.outcome === o} onClick={() => choose(o)}>
            {word(outcomes, o)} <kbd>{o[0]?.toUpperCase()}</kbd>
          </button>
        ))}
      </div>
      {draft.outcome === "granted" && (
        <p className="muted">
          {word(kinds, claim.kind)} {!paysNothing(claim.kind) && <strong className="num">{f.money(claim.ask)}</strong>}
        </p>
      )}
      {draft.outcome === "partly" && <Partly k={k} draft={draft} onDraft={onDraft} bad={badAmount} />}
      <Select
        mode="multiple"
        id="ruling-codes"
        aria-label={w.codes}
        placeholder={w.codes}
        value={draft.codes}
        options={options}
        optionFilterProp="label"
        onChange={(next) => onDraft({ codes: next })}
      />
      <Input.TextArea
        id="ruling-text"
        aria-label={w.text}
        placeholder={`${w.text}${draft.outcome === "refused" ? ` · ${w.textNeeded}` : ""}`}
        maxLength={4000}
        rows={3}
        value={draft.text}
        onChange={(e) => onDraft({ text: e.target.value })}
      />
      <Input.TextArea
        id="ruling-note"
        aria-label={w.note}
        placeholder={`${w.note} · ${w.noteHint}`}
        maxLength={4000}
        rows={1}
        value={draft.note}
        onChange={(e) => onDraft({ note: e.target.value })}
      />
      {draft.findings.length > 0 && (
        <p className="faint">
          {w.restsOn}
          {language === "zh" ? "：" : ": "}
          {draft.findings
            .map((t) => findings.find((n) => n.item.id === t.evidence && n.finding.code === t.code))
            .map((n) => n && `${n.number} ${findingName(n.finding, language)} (${word(strengths, n.finding.strength)})`)
            .join(language === "zh" ? "、" : ", ")}
        </p>
      )}
      {draft.outcome && <Preview draft={draft} gets={gets} codes={codes.data?.items ?? []} />}
      {second && <Alert type="info" showIcon title={w.fourEyes} />}
      {error && <Alert type="error" showIcon title={error} />}
      <Button
        type="primary"
        size="large"
        disabled={missing.length > 0}
        loading={decide.isPending}
        onClick={() => decide.mutate()}
      >
        {second ? w.propose : w.send} <kbd>Ctrl ↵</kbd>
      </Button>
      {missing.length > 0 && (
        <p className="faint" role="status">
          {w.missing}
          {language === "zh" ? "：" : ": "}
          {missing.map((m) => lacking[m]).join(language === "zh" ? "、" : ", ")}
        </p>
      )}
    </div>
  );
}

interface PartlyProps extends Pick<RulingProps, "k" | "draft" | "onDraft"> {
  /** bad: what was typed is no amount that can be given */
  bad: boolean;
}

/** Partly asks what is given instead of all, and how much of it. */
function Partly({ k, draft, onDraft, bad }: PartlyProps) {
  const w = useWords(caseWords);
  const word = useWord();
  const language = useLanguage();
  const limit = limitOf(k);
  return (
    <>
      <div className="row">
        <Select
          className="grow"
          aria-label={w.remedy}
          value={draft.kind}
          options={remedies
            .filter((r) => r !== k.claim.kind || r === "partial_refund")
            .map((r) => ({ value: r, label: word(kinds, r) }))}
          onChange={(kind) => onDraft({ kind })}
        />
        {!paysNothing(draft.kind) && (
          <Input
            style={{ width: 200 }}
            inputMode="decimal"
            aria-label={w.amount}
            placeholder={w.amountHint(money(limit, language))}
            status={bad ? "error" : undefined}
            aria-invalid={bad}
            aria-describedby="ruling-bound"
            value={draft.amount}
            onChange={(e) => onDraft({ amount: e.target.value })}
          />
        )}
      </div>
      {!paysNothing(draft.kind) && (
        <p
          id="ruling-bound"
          role="status"
          className="faint"
          style={bad ? { color: "var(--seal)", fontWeight: 600 } : undefined}
        >
          {w.amountBound(money({ ...limit, amount: 0 }, language), money(limit, language))}
        </p>
      )}
    </>
  );
}

interface PreviewProps {
  draft: Draft;
  gets: ReturnType<typeof rulingOf>["remedy"];
  codes: ReasonBody[];
}

/** Preview is what both sides will read. */
function Preview({ draft, gets, codes }: PreviewProps) {
  const w = useWords(caseWords);
  const word = useWord();
  const f = useFormat();
  const language = useLanguage();
  return (
    <div>
      <p className="faint">{w.bothRead}</p>
      <div className="preview">
        <strong>{word(outcomes, draft.outcome)}</strong>
        {gets && ` · ${word(kinds, gets.kind)}${paysNothing(gets.kind) ? "" : ` ${f.money(gets.amount)}`}`}
        {draft.codes.length > 0 &&
          ` · ${draft.codes.map((c) => pick(codes.find((i) => i.code === c)?.text, language)).join(language === "zh" ? "" : " ")}`}
        {draft.text && `\n${draft.text}`}
      </div>
    </div>
  );
}
