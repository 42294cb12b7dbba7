import { useQuery } from "@tanstack/react-query";
import { lazy, startTransition, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { troubleOf } from "@/api/problem";
import type { Item } from "@/api/schema";
import { has, useMe } from "@/session/me";
import type { First } from "@/session/queries";
import { Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { Viewer, type ViewerHandle } from "@/viewer/viewer";
import type { Task } from "@/words/codes";
import { useWords } from "@/words/language";
import { loadCase } from "./ahead";
import { useCaseKeys } from "./case-keys";
import { CaseHead, DecisionCard } from "./case-parts";
import { caseWords } from "./case-words";
import { caseQuery, lease } from "./data";
import { Decided } from "./decided";
import { Clocks, Histories, OrderFacts, Surroundings } from "./facts";
import { Findings, type Numbered, numbered } from "./findings";
import { KeyHelp } from "./help";
import { useHold } from "./hold";
import { caseKeys } from "./keys";
import { type Draft, emptyDraft } from "./ruling";
import { Stories } from "./stories";
import { reviewWords } from "./words";
import "./review.css";

// The case stands without the component library; the panel in which one decides comes after it.
const Panel = lazy(() => import("./panel"));

/** toggled is the findings that a ruling rests on, with one of them ticked or no more. */
function toggled(ticked: Draft["findings"], { item, finding }: Numbered): Draft["findings"] {
  const same = (t: { evidence: string; code: string }) => t.evidence === item.id && t.code === finding.code;
  if (ticked.some(same)) return ticked.filter((t) => !same(t));
  return [...ticked, { evidence: item.id, code: finding.code }];
}

const isTask = (t: string | null): t is Task => t === "decide" || t === "confirm" || t === "reread";

/** first asks for the case and its first photo while the page is still being made. */
export const first: First = (queries, address) => {
  const id = address.pathname.split("/").pop() ?? "";
  loadCase(queries, id).catch(() => undefined); // what fails here is said by the page
};

export default function CasePage() {
  const { id = "" } = useParams();
  return <OneCase key={id} id={id} />;
}

/** useLooking are the pictures, and the way to them: whoever asks for one from further down is taken to where it is shown. */
function useLooking() {
  const viewer = useRef<ViewerHandle>(null);
  const looking = useRef<HTMLElement>(null);
  const toViewer = useCallback(() => {
    looking.current?.scrollIntoView({ block: "start", behavior: "instant" });
    looking.current?.focus({ preventScroll: true });
  }, []);
  return { viewer, looking, toViewer };
}

/**
 * useLooked is whether what one decides with may be drawn: after what one decides by, and half a second at most after
 * the page, since a case without a photo does not wait for one.
 */
function useLooked() {
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    const enough = setTimeout(() => setLooked(true), 500);
    return () => clearTimeout(enough);
  }, []);
  return [looked, setLooked] as const;
}

/** useNumbered gives each finding the number that it has in the list and in the pictures. */
function useNumbered(evidence: Item[]) {
  const findings = useMemo(() => numbered(evidence), [evidence]);
  const numberOf = useCallback(
    (item: { id: string }, index: number) =>
      String(findings.find((n) => n.item.id === item.id && n.index === index)?.number ?? ""),
    [findings],
  );
  return { findings, numberOf };
}

/** useNext takes the next case of the queue, or leads back to it where there is none. */
function useNext() {
  const go = useNavigate();
  const trouble = useTroubleText();
  const w = useWords(reviewWords);
  return useCallback(() => {
    lease().then(
      (r) => go(`/review/${r.claim_id}?task=${r.task}`),
      (e) => {
        toast(troubleOf(e).status === 404 ? w.nothing : trouble(e));
        void go("/review");
      },
    );
  }, [go, w, trouble]);
}

/** OneCase is everything about a claim on one screen. */
function OneCase({ id }: { id: string }) {
  const w = useWords(caseWords);
  const go = useNavigate();
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
  const [looked, setLooked] = useLooked();
  const { viewer, looking, toViewer } = useLooking();
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
  const { findings, numberOf } = useNumbered(evidence);
  // Whoever takes an appeal sees what was decided before; until they held it they were blind to it.
  const open = task === "reread" || !k?.blind;
  useEffect(() => {
    if (hold.isSuccess && !open) void refetch();
  }, [hold.isSuccess, open, refetch]);
  const mine = !!task && hold.isSuccess && !!k && open && k.claim.state === "review";
  const next = useNext();
  const toQueue = useCallback(() => void go("/review"), [go]);
  useCaseKeys({ viewer, mine, change, send, next, toQueue, setHelp });

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
  const ticking = mine && task === "decide";
  return (
    <main id="main" className="page">
      <CaseHead k={k} task={task} reviewer={reviewer} onHelp={() => setHelp(true)} onNext={next} />
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
            <DecisionCard
              k={k}
              task={task}
              hold={hold}
              mine={mine}
              onTake={() => setParams({ task: c.proposal ? "confirm" : "decide" }, { replace: true })}
              onRelease={toQueue}
            >
              {looked && (
                <Panel
                  task={task ?? "decide"}
                  k={k}
                  draft={draft}
                  onDraft={change}
                  findings={findings}
                  send={send}
                  onDone={next}
                />
              )}
            </DecisionCard>
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
            ticked={ticking ? draft.findings : undefined}
            onTick={ticking ? (n) => change({ findings: toggled(draft.findings, n) }) : undefined}
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
