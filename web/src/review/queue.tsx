import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useMe } from "@/session/me";
import type { First } from "@/session/queries";
import { Button } from "@/ui/kit";
import { useRows } from "@/ui/rows";
import { Empty, EndOfList, Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useWords } from "@/words/language";
import { lease, queueQuery, summaryQuery, viewsQuery } from "./data";
import { addressOf, type FilterName, filtersOf } from "./filters";
import { KeyHelp } from "./help";
import { queueKeys } from "./keys";
import { QueueFilters } from "./queue-filters";
import { useQueueKeys } from "./queue-keys";
import { QueueTable } from "./queue-table";
import { Row } from "./row";
import { warm } from "./warm";
import { reviewWords } from "./words";
import "./review.css";

// What is opened from here, and the component library with it, comes once the queue stands.
const bulk = () => import("./bulk");
const Bulk = lazy(bulk);

/** first asks for the list while the page is still being made. */
export const first: First = (queries, address) => {
  void queries.prefetchInfiniteQuery(queueQuery(filtersOf(address.searchParams)));
  for (const query of [summaryQuery, viewsQuery]) void queries.prefetchQuery(query as never);
};

/** useCasesSoon loads what is opened from here once the queue stands, so that the first case need not wait for it. */
function useCasesSoon(stands: boolean) {
  useEffect(() => {
    if (!stands) return;
    const load = () => Promise.all([bulk(), import("./case"), import("./panel")]);
    const soon = setTimeout(() => void load().catch(() => undefined), 1500);
    return () => clearTimeout(soon);
  }, [stands]);
}

/** Queue is a reviewer's list of work, the most pressing first. */
export default function Queue() {
  const go = useNavigate();
  const queries = useQueryClient();
  const { me } = useMe();
  const trouble = useTroubleText();
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => filtersOf(params), [params]);
  const address = addressOf(filters);
  const summary = useQuery(summaryQuery);
  const list = useInfiniteQuery(queueQuery(filters));
  const items = useMemo(() => list.data?.pages.flatMap((p) => p.items ?? []) ?? [], [list.data]);
  const [at, setAt] = useState(0);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [help, setHelp] = useState(false);
  const [acting, setActing] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const rows = useRows({
    count: items.length,
    estimateSize: () => 56,
    overscan: 8,
    scrollMargin: box.current?.offsetTop ?? 0,
    scrollPaddingStart: 110,
    scrollPaddingEnd: 24,
  });
  const current = Math.min(at, Math.max(0, items.length - 1));

  const set = (name: FilterName, value: string | undefined) => {
    const next = new URLSearchParams(params);
    if (value) next.set(name, value);
    else next.delete(name);
    setAt(0);
    setParams(next, { replace: true });
  };
  const next = useMutation({
    mutationFn: () => lease(),
    onSuccess: (r) => go(`/review/${r.claim_id}?task=${r.task}`),
    onError: (e) => toast(trouble(e)),
  });
  const toggle = (id: string) =>
    setChosen((before) => {
      const to = new Set(before);
      if (!to.delete(id)) to.add(id);
      return to;
    });
  const move = useCallback(
    (to: number) => {
      const n = Math.min(items.length - 1, Math.max(0, to));
      setAt(n);
      rows.scrollToIndex(n);
      const item = items[n];
      if (item) warm(queries, item.claim_id);
    },
    [items, rows, queries],
  );
  useQueueKeys({
    move: (step) => move(current + step),
    open: () => items[current] && void go(`/review/${items[current].claim_id}?task=${items[current].task}`),
    select: () => items[current] && toggle(items[current].claim_id),
    next: () => next.mutate(),
    search: () => search.current?.focus(),
    help: () => setHelp((h) => !h),
  });
  useCasesSoon(!list.isPending);
  const selected = items.filter((i) => chosen.has(i.claim_id));
  return (
    <main id="main" className="page">
      <QueueHead
        total={summary.data?.total}
        onHelp={() => setHelp(true)}
        taking={next.isPending}
        onTake={() => next.mutate()}
      />
      <QueueFilters
        filters={filters}
        summary={summary.data}
        search={search}
        set={set}
        open={(q) => setParams(new URLSearchParams(q), { replace: true })}
      />
      {selected.length > 0 && (
        <Selected n={selected.length} onAct={() => setActing(true)} onNone={() => setChosen(new Set())} />
      )}
      <QueueTable
        items={items}
        rows={rows}
        box={box}
        chosen={chosen.size}
        row={(item, n) => (
          <Row
            item={item}
            me={me?.id ?? ""}
            current={n === current}
            selected={chosen.has(item.claim_id)}
            onSelect={() => toggle(item.claim_id)}
            onWarm={() => warm(queries, item.claim_id)}
          />
        )}
      />
      <Below
        list={list}
        count={items.length}
        narrowed={address !== ""}
        clear={() => setParams({}, { replace: true })}
      />
      <KeyHelp table={queueKeys} open={help} onClose={() => setHelp(false)} />
      {acting && (
        <Suspense>
          <Bulk
            items={selected}
            onClose={(done) => {
              setActing(false);
              if (done) setChosen(new Set());
            }}
          />
        </Suspense>
      )}
    </main>
  );
}

interface HeadProps {
  total?: number;
  taking: boolean;
  onHelp: () => void;
  onTake: () => void;
}

/** QueueHead says how much there is to do, and takes the next of it. */
function QueueHead({ total, taking, onHelp, onTake }: HeadProps) {
  const w = useWords(reviewWords);
  return (
    <div className="page-head">
      <div>
        <h1>{w.title}</h1>
        <p>{total !== undefined ? w.summary(total) : " "}</p>
      </div>
      <div className="row">
        <Button className="wide-screen" onClick={onHelp}>
          {w.keys} <kbd>?</kbd>
        </Button>
        <Button kind="primary" busy={taking} onClick={onTake}>
          {w.take}
        </Button>
      </div>
    </div>
  );
}

/** Selected is the bar that acts on the chosen rows. */
function Selected({ n, onAct, onNone }: { n: number; onAct: () => void; onNone: () => void }) {
  const w = useWords(reviewWords);
  return (
    <div className="q-bulk row" role="status">
      <strong>{w.selected(n)}</strong>
      <Button small kind="primary" onClick={onAct}>
        {w.bulk}
      </Button>
      <Button small kind="quiet" onClick={onNone}>
        {w.unselect}
      </Button>
    </div>
  );
}

interface BelowProps {
  list: ReturnType<typeof useInfiniteQuery>;
  count: number;
  narrowed: boolean;
  clear: () => void;
}

/** Below is what stands under the rows: that they come, that there are none, how to have more. */
function Below({ list, count, narrowed, clear }: BelowProps) {
  const w = useWords(reviewWords);
  return (
    <>
      {list.isPending && <Loading lines={8} height={40} />}
      {list.error && <TroubleBox error={list.error} retry={() => void list.refetch()} />}
      {list.data && count === 0 && (
        <Empty
          title={narrowed ? w.none : w.nothing}
          action={narrowed ? <Button onClick={clear}>{w.clear}</Button> : undefined}
        >
          {narrowed ? w.noneAbout : w.nothingAbout}
        </Empty>
      )}
      {list.hasNextPage ? (
        <div className="foot">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {w.more}
          </Button>
        </div>
      ) : (
        count > 0 && <EndOfList />
      )}
    </>
  );
}
