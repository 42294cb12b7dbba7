import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useMe } from "@/session/me";
import type { First } from "@/session/queries";
import { Button, Choose } from "@/ui/kit";
import { useRows } from "@/ui/rows";
import { Empty, EndOfList, Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { kinds, reasons, tasks, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { lease, queueQuery, summaryQuery, viewsQuery } from "./data";
import { addressOf, type FilterName, filtersOf } from "./filters";
import { KeyHelp } from "./help";
import { queueKeys, useKeys } from "./keys";
import { Row } from "./row";
import { Views } from "./views";
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

/** Queue is a reviewer's list of work, the most pressing first. */
export default function Queue() {
  const w = useWords(reviewWords);
  const word = useWord();
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
  const toggle = (id: string) => {
    const to = new Set(chosen);
    if (!to.delete(id)) to.add(id);
    setChosen(to);
  };
  const act = useCallback(
    (name: string, _key: string, released: boolean): boolean | undefined => {
      if (released) return false;
      const move = (to: number) => {
        const n = Math.min(items.length - 1, Math.max(0, to));
        setAt(n);
        rows.scrollToIndex(n);
        const item = items[n];
        if (item) warm(queries, item.claim_id);
      };
      const item = items[current];
      switch (name) {
        case "down":
          move(current + 1);
          return true;
        case "up":
          move(current - 1);
          return true;
        case "open":
          if (item) void go(`/review/${item.claim_id}?task=${item.task}`);
          return true;
        case "select":
          if (item)
            setChosen((before) => {
              const to = new Set(before);
              if (!to.delete(item.claim_id)) to.add(item.claim_id);
              return to;
            });
          return true;
        case "next":
          next.mutate();
          return true;
        case "search":
          search.current?.focus();
          return true;
        case "help":
          setHelp((h) => !h);
          return true;
        case "escape":
          if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
          return false;
      }
      return undefined;
    },
    [items, current, go, next, queries, rows],
  );
  useKeys(queueKeys, act);
  const stands = !list.isPending;
  useEffect(() => {
    if (!stands) return;
    const load = () => Promise.all([bulk(), import("./case"), import("./panel")]);
    const soon = setTimeout(() => void load().catch(() => undefined), 1500);
    return () => clearTimeout(soon);
  }, [stands]);

  const option = (table: Parameters<typeof word>[0]) =>
    Object.keys(table).map((value) => ({ value, label: word(table, value) }));
  const chip = (label: string, n: number | undefined, on: boolean, change: () => void, tone = "") => (
    <button type="button" className={`chip ${tone}`} aria-pressed={on} onClick={change}>
      {label}
      {n !== undefined && <b className="num"> {n}</b>}
    </button>
  );
  const selected = items.filter((i) => chosen.has(i.claim_id));
  return (
    <main id="main" className="page">
      <div className="page-head">
        <div>
          <h1>{w.title}</h1>
          <p>{summary.data ? w.summary(summary.data.total) : " "}</p>
        </div>
        <div className="row">
          <Button className="wide-screen" onClick={() => setHelp(true)}>
            {w.keys} <kbd>?</kbd>
          </Button>
          <Button kind="primary" busy={next.isPending} onClick={() => next.mutate()}>
            {w.take}
          </Button>
        </div>
      </div>
      <div className="row q-filters">
        {chip(w.all, summary.data?.total, address === "", () => setParams({}, { replace: true }))}
        {chip(
          w.overdue,
          summary.data?.overdue,
          !!filters.overdue,
          () => set("overdue", filters.overdue ? undefined : "true"),
          summary.data?.overdue ? "seal" : "",
        )}
        {chip(w.mine, summary.data?.mine, !!filters.mine, () => set("mine", filters.mine ? undefined : "true"))}
        {chip(w.seniorOnly, undefined, !!filters.senior, () => set("senior", filters.senior ? undefined : "true"))}
        {filters.merchant && chip(`${w.shop} ${filters.merchant} ✕`, undefined, true, () => set("merchant", undefined))}
        <span className="faint nowrap">
          {w.soon} <b className="num">{summary.data?.due_soon ?? "–"}</b>
        </span>
        <Choose label={w.task} value={filters.task} options={option(tasks)} onChange={(v) => set("task", v)} />
        <Choose label={w.kind} value={filters.kind} options={option(kinds)} onChange={(v) => set("kind", v)} />
        <Choose label={w.reason} value={filters.reason} options={option(reasons)} onChange={(v) => set("reason", v)} />
        <Choose
          label={w.stakes}
          value={filters.stakes_min}
          options={w.stakesOf.map((label, i) => ({ value: String(i), label: `≥ ${label}` }))}
          onChange={(v) => set("stakes_min", v)}
        />
        <input
          ref={search}
          type="search"
          className="search q-search"
          aria-label={w.search}
          placeholder={`${w.search}  /`}
          key={filters.q ?? ""}
          defaultValue={filters.q}
          onKeyDown={(e) => e.key === "Enter" && set("q", e.currentTarget.value.trim() || undefined)}
          onChange={(e) => e.target.value === "" && set("q", undefined)}
        />
        <Views query={address} onOpen={(q) => setParams(new URLSearchParams(q), { replace: true })} />
      </div>
      {selected.length > 0 && (
        <div className="q-bulk row" role="status">
          <strong>{w.selected(selected.length)}</strong>
          <Button small kind="primary" onClick={() => setActing(true)}>
            {w.bulk}
          </Button>
          <Button small kind="quiet" onClick={() => setChosen(new Set())}>
            {w.unselect}
          </Button>
        </div>
      )}
      <div className="q-table" role="table" aria-label={w.title} aria-rowcount={items.length}>
        <div className="q-row q-head" role="row">
          <span role="columnheader" className="q-select">
            <span className="sr">{w.selected(chosen.size)}</span>
          </span>
          <span role="columnheader">{w.columns.due}</span>
          <span role="columnheader">{w.columns.stakes}</span>
          <span role="columnheader">{w.columns.what}</span>
          <span role="columnheader" className="q-amount">
            {w.columns.amount}
          </span>
          <span role="columnheader">{w.columns.finding}</span>
          <span role="columnheader">{w.columns.words}</span>
        </div>
        <div ref={box} role="rowgroup" className="q-body" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((v) => {
            const item = items[v.index];
            if (!item) return null;
            return (
              <div
                key={`${item.claim_id}-${item.task}`}
                role="presentation"
                data-index={v.index}
                ref={rows.measureElement}
                className="q-place"
                style={{ transform: `translateY(${v.start - rows.options.scrollMargin}px)` }}
              >
                <Row
                  item={item}
                  me={me?.id ?? ""}
                  current={v.index === current}
                  selected={chosen.has(item.claim_id)}
                  onSelect={() => toggle(item.claim_id)}
                  onWarm={() => warm(queries, item.claim_id)}
                />
              </div>
            );
          })}
        </div>
      </div>
      {list.isPending && <Loading lines={8} height={40} />}
      {list.error && <TroubleBox error={list.error} retry={() => void list.refetch()} />}
      {list.data && items.length === 0 && (
        <Empty
          title={address ? w.none : w.nothing}
          action={address ? <Button onClick={() => setParams({}, { replace: true })}>{w.clear}</Button> : undefined}
        >
          {address ? w.noneAbout : w.nothingAbout}
        </Empty>
      )}
      {list.hasNextPage ? (
        <div className="foot">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {w.more}
          </Button>
        </div>
      ) : (
        items.length > 0 && <EndOfList />
      )}
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
