import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { Link, useSearchParams } from "react-router";
import { api, must } from "@/api/client";
import { lastOf } from "@/api/lists";
import type { ListedClaim, ListListedClaim, ListMerchant } from "@/api/schema";
import type { First } from "@/session/queries";
import { useFormat } from "@/ui/format";
import { Countdown } from "@/ui/now";
import { useRows } from "@/ui/rows";
import { OperatorPage } from "@/ui/staff/parts";
import { Empty, EndOfList, Loading, TroubleBox } from "@/ui/states";
import { OutcomeTag, StateTag } from "@/ui/tags";
import { kinds, reasons, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { FilterBar } from "./filter-bar";
import { type Filters, narrowed, queryOf, read, write } from "./filters";
import { listWords } from "./words";
import "@/ui/staff/lists.css";
import "./claims.css";

/** ClaimsPage lists all claims; a row opens the case, to be read. */
export default function ClaimsPage() {
  const w = useWords(listWords);
  const [params, setParams] = useSearchParams();
  const filters = read(params);
  return (
    <OperatorPage title={w.title} about={w.about}>
      <FilterBar of={filters} set={(f) => setParams(write(f), { replace: true })} />
      <Claims filters={filters} />
    </OperatorPage>
  );
}

const claimsQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ["claims", "list", filters],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      must<ListListedClaim>(
        api.GET("/v1/claims", {
          params: { query: { ...queryOf(filters), limit: 50, after: pageParam || undefined } },
          querySerializer: { array: { style: "form", explode: false } },
        }),
      ),
    getNextPageParam: (last) => last.next || undefined,
  });

/** first asks for the list while the page is still being made. */
export const first: First = (queries, address) => {
  void queries.prefetchInfiniteQuery(claimsQuery(read(address.searchParams)));
};

/** useShopNames is what the first hundred shops are called; others are shown by their number. */
function useShopNames(): Map<string, string> {
  const { data } = useQuery({
    queryKey: ["merchants", "names"],
    staleTime: 300_000,
    queryFn: () => must<ListMerchant>(api.GET("/v1/merchants", { params: { query: { limit: 100 } } })),
  });
  return useMemo(() => new Map(data?.items?.map((m) => [m.id, m.name])), [data]);
}

const rowHeight = 61;

function Claims({ filters }: { filters: Filters }) {
  const w = useWords(listWords);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    ...claimsQuery(filters),
    placeholderData: keepPreviousData,
  });
  const names = useShopNames();
  const box = useRef<HTMLUListElement>(null);
  const items = data?.pages.flatMap((p) => p.items ?? []) ?? [];
  const rows = useRows({
    count: items.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: box.current?.offsetTop ?? 0,
    getItemKey: (i) => items[i]?.id ?? i,
  });
  const shown = rows.getVirtualItems();
  const end = (lastOf(shown)?.index ?? 0) >= items.length - 10;
  useEffect(() => {
    if (end && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [end, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (isPending) return <Loading lines={8} height={48} />;
  if (error && !data) return <TroubleBox error={error} retry={() => void refetch()} />;
  if (items.length === 0)
    return (
      <div className="card">
        {narrowed(filters) ? (
          <Empty title={w.none}>{w.noneAbout}</Empty>
        ) : (
          <Empty title={w.empty}>{w.emptyAbout}</Empty>
        )}
      </div>
    );
  return (
    <>
      <ul ref={box} className="op-list" style={{ height: rows.getTotalSize() }} aria-label={w.title}>
        {shown.map((v) => {
          const claim = items[v.index];
          return (
            claim && (
              <li
                key={v.key}
                ref={rows.measureElement}
                data-index={v.index}
                style={{ transform: `translateY(${v.start - rows.options.scrollMargin}px)` }}
              >
                <Row claim={claim} shop={names.get(claim.merchant_id)} />
              </li>
            )
          );
        })}
      </ul>
      {isFetchingNextPage ? <Loading lines={2} height={48} /> : !hasNextPage && <EndOfList />}
    </>
  );
}

function Row({ claim: c, shop }: { claim: ListedClaim; shop?: string }) {
  const word = useWord();
  const f = useFormat();
  const outcome = lastOf(c.decisions)?.outcome;
  return (
    <Link to={`/review/${c.id}`} className="op-claim">
      <span>
        <strong>{word(reasons, c.reason)}</strong>
        <span className="faint">{word(kinds, c.kind)}</span>
      </span>
      <span className="op-shop">
        <span className="op-clip">{shop || c.merchant_id}</span>
        <span className="faint op-clip">{c.order_id}</span>
      </span>
      <span className="op-amount num">{f.money(c.ask)}</span>
      <span className="faint mono op-id">
        <span className="op-clip">{c.id}</span>
      </span>
      <span className="op-tags">
        <StateTag state={c.state} />
        {outcome && <OutcomeTag outcome={outcome} />}
        {c.due && c.state !== "decided" && <Countdown due={c.due} />}
      </span>
      <span className="faint num op-when">{f.moment(c.submitted_at ?? c.opened_at)}</span>
    </Link>
  );
}
