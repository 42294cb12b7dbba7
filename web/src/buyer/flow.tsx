import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useNavigate, useSearchParams } from "react-router";
import { api, must } from "@/api/client";
import { isOffline } from "@/api/problem";
import type { Case, FiledBody, ListRequirement } from "@/api/schema";
import { loadCase, useMove } from "@/claim/case";
import { unsent, useCourier } from "@/claim/sender";
import { heldBy } from "@/claim/upload";
import { Button, Notice } from "@/ui/kit";
import { useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import type { Kind, Reason } from "@/words/codes";
import { useWords } from "@/words/language";
import { CheckStep } from "./check";
import { EvidenceStep } from "./evidence";
import { askOf, begin, differs, lacks, type Ordered, type Step, stepsOf, unitsOf, type Wish } from "./filing";
import { GoodsStep, KindStep, ReasonStep, WordsStep } from "./steps";
import { filingWords } from "./words";
import "@/claim/claim.css";

/** useNeeds asks what evidence a wish needs, and why. */
function useNeeds(order: Ordered, w: Wish) {
  const ask = askOf(order, w);
  return useQuery({
    queryKey: ["requirements", w.kind, w.reason, ask?.amount, ask?.currency],
    enabled: !!(w.kind && w.reason && ask),
    staleTime: 600_000,
    queryFn: () =>
      must<ListRequirement>(
        api.GET("/v1/requirements", {
          params: {
            query: {
              kind: w.kind as Kind,
              reason: w.reason as Reason,
              amount: ask?.amount ?? 0,
              currency: ask?.currency ?? "",
            },
          },
        }),
      ),
  });
}

/** useKept writes the wish to the desk, one write after the other: a new draft, or a change of the one that is there. */
function useKept(order: Ordered, wish: Wish, draft?: Case) {
  const queries = useQueryClient();
  const writes = useRef(Promise.resolve());
  // The case first: once the list names the draft, the page shows it.
  const load = async (id: string) => {
    queries.setQueryData(["claim", id, "case"], await loadCase(id));
    await queries.invalidateQueries({ queryKey: ["claims"] });
  };
  const version = async (id: string) => (await loadCase(id)).claim.version;
  const put = async (): Promise<void> => {
    const now = draft && (queries.getQueryData<Case>(["claim", draft.claim.id, "case"]) ?? draft);
    if (!differs(order, wish, now)) return;
    const body = {
      line_ids: wish.lines,
      units: unitsOf(order, wish),
      kind: wish.kind as Kind,
      reason: wish.reason as Reason,
      ask: askOf(order, wish),
      story: wish.story.trim() || undefined,
    };
    if (!now) {
      const filed = await must<FiledBody>(api.POST("/v1/claims", { body: { ...body, order_id: order.id } }));
      await load(filed.claim.id);
      return;
    }
    const { id } = now.claim;
    const tag = { path: { id }, header: { "If-Match": `"${await version(id)}"` } };
    await must(api.PUT("/v1/claims/{id}/draft", { params: tag, body }));
    await load(id);
  };
  const keep = () => {
    const write = writes.current.catch(() => undefined).then(put);
    writes.current = write;
    return write;
  };
  /** keepQuietly saves what is half written when somebody looks away; what fails is saved with the next step. */
  const keepQuietly = () => {
    if (draft && askOf(order, wish)) void keep().catch(() => undefined);
  };
  return { keep, keepQuietly };
}

/** useStep is the step that the address names, or the one where a draft was left; a screen reader hears where one is now. */
function useStep(steps: Step[], left: Step, settled: boolean) {
  const [params, setParams] = useSearchParams();
  // Without a word in the address, a draft is taken up where it was left; where
  // that is, is settled once, so that no page turns under somebody's hands.
  const [first, settle] = useState<Step>();
  if (!first && settled) settle(left);
  const step = steps.find((s) => s === params.get("step")) ?? first ?? left;
  const head = useRef<HTMLHeadingElement>(null);
  const started = useRef(step);
  useEffect(() => {
    if (started.current === step) return;
    started.current = step;
    scrollTo(0, 0);
    head.current?.focus();
  }, [step]);
  const go = (s: Step) =>
    setParams(
      (p) => {
        p.set("step", s);
        return p;
      },
      { preventScrollReset: true },
    );
  return { step, head, go };
}

/** Filing leads from what is wrong to a claim that is sent. The draft lies at the desk from the third step on. */
export function Filing({ order, draft }: { order: Ordered; draft?: Case }) {
  const w = useWords(filingWords);
  const trouble = useTroubleText();
  const go = useNavigate();
  const [wish, setWish] = useState(() => begin(order, draft));
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false); // somebody tried to go on: what is missing may be said
  const needs = useNeeds(order, wish);
  const need = needs.data?.items ?? [];
  const steps = stepsOf(order, wish, needs.data ? need : undefined);
  const have = draft?.claim.evidence ?? [];
  const lack = lacks(order, wish, need, have);
  const left = draft ? (lack[0]?.step ?? "check") : (steps[0] ?? "reason");
  const settled = !draft || !!needs.data || lack[0]?.step === "kind" || needs.isError;
  const { step, head, go: turn } = useStep(steps, left, settled);
  const at = steps.indexOf(step);
  const move = useMove(draft?.claim.id ?? "", (v) => api.POST("/v1/claims/{id}/submit", { params: v }));
  const toStep = (s: Step) => {
    setAsked(false);
    setError(undefined);
    turn(s);
  };

  const { keep, keepQuietly } = useKept(order, wish, draft);

  const run = async (what: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await what();
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  const open = lack.some((l) => l.step === step && step !== "evidence");
  const next = () => {
    if (open) {
      flushSync(() => setAsked(true));
      // What is wrong with a field stands at it, what is not chosen above the choices.
      const field = document.querySelector(".filing .field .wrong");
      if (field) field.scrollIntoView({ block: "nearest" });
      else scrollTo(0, 0);
      return;
    }
    void run(async () => {
      if (at >= steps.indexOf("kind")) await keep();
      toStep(steps[at + 1] ?? "check");
    });
  };
  const send = () =>
    void run(async () => {
      await keep();
      await move.mutateAsync();
      toast(w.sent);
      void go(`/claims/${draft?.claim.id}`, { replace: true });
    });

  const change = (c: Partial<Wish>) => setWish({ ...wish, ...c });
  const { courier, sending } = useCourier(draft?.claim.id ?? "", heldBy(draft, "buyer"));
  const onTheWay = sending.filter(unsent).length;
  const known = needs.data !== undefined;
  const p = { order, wish, change, asked };
  return (
    <main id="main" className="page narrow filing">
      <div className="stack" style={{ gap: 8, marginBottom: 20 }}>
        <div className="row between faint">
          <span>{w.step(at + 1, steps.length)}</span>
          {draft && <Discard draft={draft} />}
        </div>
        <progress className="steps" max={steps.length} value={at + 1} aria-label={w.step(at + 1, steps.length)} />
        <h1 ref={head} tabIndex={-1}>
          {w[step]}
        </h1>
      </div>
      {error !== undefined && (
        <Notice tone={isOffline(error) ? "amber" : "seal"} alert>
          {trouble(error)}
        </Notice>
      )}
      {needs.error && (
        <Notice tone="seal" alert>
          {trouble(needs.error)}
        </Notice>
      )}
      {step === "goods" && <GoodsStep {...p} />}
      {step === "reason" && <ReasonStep {...p} />}
      {step === "kind" && <KindStep {...p} />}
      {step === "evidence" && draft && <EvidenceStep need={need} of={draft} courier={courier} sending={sending} />}
      {step === "words" && <WordsStep {...p} leave={keepQuietly} />}
      {step === "check" && draft && (
        <CheckStep {...p} of={draft} lack={lack} toStep={toStep} onTheWay={onTheWay} known={known} />
      )}
      <div className="bar">
        {at > 0 && <Button onClick={() => toStep(steps[at - 1] ?? "reason")}>{w.back}</Button>}
        {step !== "check" ? (
          <Button kind="primary" busy={busy} onClick={next}>
            {w.next}
          </Button>
        ) : lack[0] ? (
          <Button kind="primary" onClick={() => toStep(lack[0]?.step ?? "reason")}>
            {w.toMissing}
          </Button>
        ) : (
          <Button kind="primary" busy={busy} disabled={!known || onTheWay > 0} onClick={send}>
            {w.send}
          </Button>
        )}
      </div>
    </main>
  );
}

/** Discard withdraws a draft; the goods can then be claimed anew. */
function Discard({ draft }: { draft: Case }) {
  const w = useWords(filingWords);
  const trouble = useTroubleText();
  const go = useNavigate();
  const move = useMove(draft.claim.id, (v) => api.POST("/v1/claims/{id}/withdraw", { params: v }));
  const discard = async () => {
    if (!confirm(w.discardSure)) return;
    try {
      await move.mutateAsync();
      toast(w.discarded);
      void go("/", { replace: true });
    } catch (e) {
      toast(trouble(e));
    }
  };
  return (
    <button type="button" className="textbtn" onClick={() => void discard()}>
      {w.discard}
    </button>
  );
}
