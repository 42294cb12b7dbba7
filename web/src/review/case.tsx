import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, startTransition, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { troubleOf } from "@/api/problem";
import { has, useMe } from "@/session/me";
import type { First } from "@/session/queries";
import { useFormat } from "@/ui/format";
import { Button, Tag } from "@/ui/kit";
import { Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { StateTag } from "@/ui/tags";
import { toast } from "@/ui/toast";
import { Viewer, type ViewerHandle } from "@/viewer/viewer";
import { kinds, reasons, tasks, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { loadCase } from "./ahead";
import { caseWords } from "./case-words";
import { caseQuery, lease, type Task } from "./data";
import { Decided } from "./decided";
import { Clocks, Histories, OrderFacts, Surroundings } from "./facts";
import { Findings, numbered } from "./findings";
import { KeyHelp } from "./help";
import { caseKeys, useKeys } from "./keys";
import { type Draft, emptyDraft } from "./ruling";
import { Stories } from "./stories";
import { reviewWords } from "./words";
import "./review.css";

// The case stands without the component library; the panel in which one decides comes after it.
const Panel = lazy(() => import("./panel"));

const isTask = (t: string | null): t is Task => t === "decide" || t === "confirm" || t === "reread";

/** useHold takes the case for its task and renews that while the page is open. */
function useHold(id: string, task: Task | undefined) {
  const queries = useQueryClient();
  const take = useMutation({
    mutationFn: (t: Task) => lease(id, t),
    onSuccess: () => {
      for (const key of ["queue", "queue-summary"]) void queries.invalidateQueries({ queryKey: [key] });
      if (task === "reread") void queries.invalidateQueries({ queryKey: ["claim", id] });
    },
  });
  const { mutate } = take;
  useEffect(() => {
    if (!task) return;
    mutate(task);
    const renew = setInterval(() => mutate(task), 5 * 60_000);
    return () => clearInterval(renew);
  }, [mutate, task]);
  return take;
}

/** first asks for the case and its first photo while the page is still being made. */
export const first: First = (queries, address) => {
  const id = address.pathname.split("/").pop() ?? "";
  loadCase(queries, id).catch(() => undefined); // what fails here is said by the page
};

export default function CasePage() {
  const { id = "" } = useParams();
  return <OneCase key={id} id={id} />;
}

/** OneCase is everything about a claim on one screen. */
function OneCase({ id }: { id: string }) {
  const w = useWords(caseWords);
  const queueWords = useWords(reviewWords);
  const word = useWord();
  const f = useFormat();
  const go = useNavigate();
  const trouble = useTroubleText();
  const { me } = useMe();
  const reviewer = has(me, "reviewer", "senior_reviewer");
  const [params, setParams] = useSearchParams();
  const wanted = params.get("task");
  const task = reviewer && isTask(wanted) ? wanted : undefined;
  const hold = useHold(id, task);
  const { data: k, error, refetch } = useQuery(caseQuery(id));
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [chosen, setChosen] = useState<string>();
  const [help, setHelp] = useState(false);
  // What one decides by is drawn first, then what one decides with; a case without a photo does not wait for one.
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    const enough = setTimeout(() => setLooked(true), 500);
    return () => clearTimeout(enough);
  }, []);
  const viewer = useRef<ViewerHandle>(null);
  const looking = useRef<HTMLElement>(null);
  // Whoever asks for a photo from further down the page is taken to where it is shown.
  const toViewer = useCallback(() => {
    looking.current?.scrollIntoView({ block: "start", behavior: "instant" });
    looking.current?.focus({ preventScroll: true });
  }, []);
  const show = useCallback(
    (item: string) => {
      setChosen(item);
      toViewer();
    },
    [toViewer],
  );
  const send = useRef<(() => void) | undefined>(undefined);
  const change = useCallback((d: Partial<Draft>) => setDraft((before) => ({ ...before, ...d })), []);
  const evidence = useMemo(() => k?.evidence ?? [], [k]);
  const references = useMemo(() => k?.references ?? [], [k]);
  const findings = useMemo(() => numbered(evidence), [evidence]);
  const numberOf = useCallback(
    (item: { id: string }, index: number) =>
      String(findings.find((n) => n.item.id === item.id && n.index === index)?.number ?? ""),
    [findings],
  );
  // Whoever takes an appeal sees what was decided before; until they held it they were blind to it.
  const open = task === "reread" || !k?.blind;
  useEffect(() => {
    if (hold.isSuccess && !open) void refetch();
  }, [hold.isSuccess, open, refetch]);
  const mine = !!task && hold.isSuccess && !!k && open && k.claim.state === "review";
  const next = useCallback(() => {
    lease().then(
      (r) => go(`/review/${r.claim_id}?task=${r.task}`),
      (e) => {
        toast(troubleOf(e).status === 404 ? queueWords.nothing : trouble(e));
        void go("/review");
      },
    );
  }, [go, queueWords, trouble]);

  const act = useCallback(
    (name: string, key: string, released: boolean): boolean | undefined => {
      const v = viewer.current;
      if (name === "blink") {
        v?.blink(!released);
        return true;
      }
      if (released) return false;
      const moves: Record<string, () => void> = {
        item: () => v?.item(Number(key) - 1),
        referenceBack: () => v?.reference(-1),
        referenceOn: () => v?.reference(1),
        slider: () => v?.mode("slider"),
        side: () => v?.mode("side"),
        difference: () => v?.mode("difference"),
        splitLeft: () => v?.split(-0.04),
        splitRight: () => v?.split(0.04),
        actual: () => v?.actual(),
        fit: () => v?.fit(),
        bigger: () => v?.zoom(1.3),
        smaller: () => v?.zoom(1 / 1.3),
        left: () => v?.pan(60, 0),
        right: () => v?.pan(-60, 0),
        layers: () => v?.layers(),
        mark: () => v?.mark(),
        full: () => v?.full(),
        granted: () => mine && change({ outcome: "granted", codes: [] }),
        partly: () => mine && change({ outcome: "partly", kind: "partial_refund", codes: [] }),
        refused: () => mine && change({ outcome: "refused", codes: [] }),
        codes: () => document.getElementById("ruling-codes")?.focus(),
        text: () => document.getElementById("ruling-text")?.focus(),
        note: () => document.getElementById("ruling-note")?.focus(),
        send: () => mine && send.current?.(),
        next,
        queue: () => void go("/review"),
        help: () => setHelp((h) => !h),
        escape: () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
      };
      moves[name]?.();
      return name !== "escape";
    },
    [change, go, mine, next],
  );
  useKeys(caseKeys, act);

  if (error && !k)
    return (
      <main id="main" className="page">
        <TroubleBox error={error} retry={() => void refetch()} />
      </main>
    );
  if (!k)
    return (
      <main id="main" className="page">
        <Loading lines={10} height={28} />
      </main>
    );
  const c = k.claim;
  const bones = <Loading lines={6} height={34} />;
  const giveBack = async () => {
    await api
      .POST("/v1/claims/{id}/release", { params: { path: { id } }, body: { round: c.round, task: task ?? "decide" } })
      .catch(() => undefined);
    void go("/review");
  };
  return (
    <main id="main" className="page">
      <div className="page-head">
        <div>
          <h1>
            {word(kinds, c.kind)} · {word(reasons, c.reason)} <span className="num">{f.money(c.ask)}</span>
          </h1>
          <p className="row tight">
            {reviewer && <Link to="/review">{w.back}</Link>}
            <code>{c.id}</code>
            <StateTag state={c.state} />
            <Tag>{w.round(c.round)}</Tag>
            {task && task !== "decide" && <Tag tone="blue">{word(tasks, task)}</Tag>}
            {k.blind && <Tag tone="amber">{w.blind}</Tag>}
          </p>
        </div>
        <div className="row">
          <Button className="wide-screen" onClick={() => setHelp(true)}>
            {queueWords.keys} <kbd>?</kbd>
          </Button>
          {reviewer && (
            <Button onClick={next}>
              {w.next} <kbd>N</kbd>
            </Button>
          )}
        </div>
      </div>
      <div className="case">
        <div className="stack">
          <section className="card case-look" aria-label={w.look} ref={looking} tabIndex={-1}>
            <Viewer
              handle={viewer}
              evidence={evidence}
              references={references}
              numberOf={numberOf}
              chosen={chosen}
              onChoose={setChosen}
              onPainted={() => {
                performance.mark("evenhand-case-painted");
                startTransition(() => setLooked(true));
              }}
            />
          </section>
          <Stories k={k} onShow={show} />
          {!k.blind && <Histories k={k} />}
        </div>
        <div className="case-side">
          {reviewer && (c.state === "review" || task === "reread") && (
            <section className="card decision" aria-labelledby="decide">
              <h2 id="decide">{task === "reread" ? w.reread : w.decide}</h2>
              {!task && (
                <div className="stack tight">
                  <p className="muted">{w.takeAbout}</p>
                  <Button
                    kind="primary"
                    onClick={() => setParams({ task: c.proposal ? "confirm" : "decide" }, { replace: true })}
                  >
                    {w.take}
                  </Button>
                </div>
              )}
              {task && hold.isError && <p role="alert">{trouble(hold.error)}</p>}
              {task && hold.data && (
                <div className="row between" style={{ marginBottom: 12 }}>
                  <span className="faint">{w.hold(f.moment(hold.data.lease_until))}</span>
                  <Button small onClick={giveBack}>
                    {w.release}
                  </Button>
                </div>
              )}
              {task && (mine || (task === "reread" && hold.isSuccess && k.blind)) && (
                <Suspense fallback={bones}>
                  {looked ? (
                    <Panel
                      task={task}
                      k={k}
                      draft={draft}
                      onDraft={change}
                      findings={findings}
                      send={send}
                      onDone={next}
                    />
                  ) : (
                    bones
                  )}
                </Suspense>
              )}
            </section>
          )}
          {!k.blind && <Decided k={k} />}
          <Findings
            list={findings}
            evidence={evidence}
            onShow={show}
            onBeside={(item, other) => {
              viewer.current?.beside(item, other);
              toViewer();
            }}
            ticked={mine && task === "decide" ? draft.findings : undefined}
            onTick={
              mine && task === "decide"
                ? (n) => {
                    const same = (t: { evidence: string; code: string }) =>
                      t.evidence === n.item.id && t.code === n.finding.code;
                    change({
                      findings: draft.findings.some(same)
                        ? draft.findings.filter((t) => !same(t))
                        : [...draft.findings, { evidence: n.item.id, code: n.finding.code }],
                    });
                  }
                : undefined
            }
          />
          {!k.blind && <Clocks k={k} mayExtend={has(me, "reviewer", "senior_reviewer", "operator")} />}
          <OrderFacts k={k} />
          {!k.blind && <Surroundings k={k} />}
        </div>
      </div>
      <KeyHelp table={caseKeys} open={help} onClose={() => setHelp(false)} />
    </main>
  );
}
