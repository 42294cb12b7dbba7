import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { api, must } from "@/api/client";
import { lastOf } from "@/api/lists";
import type { ListedClaim, ListListedClaim, ListMerchant } from "@/api/schema";
import type { First } from "@/session/queries";
import { EndlessList } from "@/ui/endless";
import { useFormat } from "@/ui/format";
import { Countdown } from "@/ui/now";
import { OperatorPage } from "@/ui/staff/parts";
import { Empty } from "@/ui/states";
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

function Claims({ filters }: { filters: Filters }) {
  const w = useWords(listWords);
  const list = useInfiniteQuery({ ...claimsQuery(filters), placeholderData: keepPreviousData });
  const names = useShopNames();
  return (
    <EndlessList
      list={list}
      id={(claim) => claim.id}
      label={w.title}
      className="op-list"
      height={61}
      lines={48}
      empty={
        narrowed(filters) ? <Empty title={w.none}>{w.noneAbout}</Empty> : <Empty title={w.empty}>{w.emptyAbout}</Empty>
      }
    >
      {(claim) => <Row claim={claim} shop={names.get(claim.merchant_id)} />}
    </EndlessList>
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
