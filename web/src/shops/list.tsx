import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";
import { api, must } from "@/api/client";
import type { ClaimFigures, Consent, ListMerchant, Merchant } from "@/api/schema";
import { write } from "@/claims/filters";
import { useFormat } from "@/ui/format";
import { Button } from "@/ui/kit";
import { type Column, DataTable, OperatorPage, partWords, RangePicker, useRange } from "@/ui/staff/parts";
import { queryOf, type Range } from "@/ui/staff/range";
import { Empty, Loading, TroubleBox } from "@/ui/states";
import { kinds, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { OneShop } from "./one";
import { shopWords } from "./words";

/** ShopsPage lists the shops, those with the most claims first, and one shop's figures above. */
export default function ShopsPage() {
  const w = useWords(shopWords);
  const range = useRange();
  const [params, setParams] = useSearchParams();
  const open = (params.get("shop") ?? "").slice(0, 64);
  const choose = (id: string) =>
    setParams((p) => {
      if (id) p.set("shop", id);
      else p.delete("shop");
      return p;
    });
  const { items, error, isPending, refetch, more, busy } = useShops(range);
  return (
    <OperatorPage title={w.shops} about={w.shopsAbout} actions={<RangePicker />}>
      {open && (
        <OneShop
          key={open}
          id={open}
          name={items.find((s) => s.shop.id === open)?.shop.name ?? open}
          range={range}
          close={() => choose("")}
        />
      )}
      {isPending ? (
        <Loading lines={8} height={48} />
      ) : error && items.length === 0 ? (
        <TroubleBox error={error} retry={refetch} />
      ) : items.length === 0 ? (
        <div className="card">
          <Empty title={w.noShops}>{w.noShopsAbout}</Empty>
        </div>
      ) : (
        <section className="card">
          <Shops of={items} range={range} choose={choose} />
          {more && <More load={more} busy={busy} />}
        </section>
      )}
    </OperatorPage>
  );
}

interface Row {
  shop: Merchant;
  figure?: NonNullable<ClaimFigures["by_merchant"]>[number];
}

/** useShops joins the shops with the figures of those that have most claims, which come first. */
function useShops(range: Range) {
  const list = useInfiniteQuery({
    queryKey: ["merchants"],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      must<ListMerchant>(
        api.GET("/v1/merchants", { params: { query: { limit: 100, after: pageParam || undefined } } }),
      ),
    getNextPageParam: (last) => last.next || undefined,
  });
  const figures = useQuery({
    queryKey: ["claims", "figures", range],
    placeholderData: keepPreviousData,
    queryFn: () => must<ClaimFigures>(api.GET("/v1/figures/claims", { params: { query: queryOf(range) } })),
  });
  const by = new Map(figures.data?.by_merchant?.map((m) => [m.merchant_id, m]));
  const items: Row[] = (list.data?.pages.flatMap((p) => p.items ?? []) ?? [])
    .map((shop) => ({ shop, figure: by.get(shop.id) }))
    .sort((a, b) => (b.figure?.claims ?? 0) - (a.figure?.claims ?? 0));
  return {
    items,
    error: list.error,
    isPending: list.isPending,
    refetch: () => void list.refetch(),
    more: list.hasNextPage ? () => void list.fetchNextPage() : undefined,
    busy: list.isFetchingNextPage,
  };
}

function Shops({ of, range, choose }: { of: Row[]; range: Range; choose: (id: string) => void }) {
  const w = useWords(shopWords);
  const f = useFormat();
  const n = (title: string, get: (m: NonNullable<Row["figure"]>) => number): Column<Row> => ({
    title,
    number: true,
    cell: (r) => (r.figure ? f.count(get(r.figure)) : "–"),
  });
  const columns: Column<Row>[] = [
    { title: w.shop, cell: (r) => r.shop.name || r.shop.id },
    { title: w.number, cell: (r) => <span className="mono">{r.shop.id}</span> },
    n(w.claims, (m) => m.claims),
    n(w.granted, (m) => m.granted + m.partly),
    n(w.settled, (m) => m.settled),
    n(w.refused, (m) => m.refused),
    { title: w.consent, cell: (r) => <Agreed to={r.shop.consent} /> },
    {
      title: w.figures,
      acts: true,
      cell: (r) => (
        <span className="row" style={{ gap: 6 }}>
          <Button className="op-small" onClick={() => choose(r.shop.id)} aria-label={`${w.figures} ${r.shop.name}`}>
            {w.figures}
          </Button>
          <Link
            className="btn op-small"
            to={`/operator/claims?${write({ merchant: r.shop.id, ...range })}`}
            aria-label={`${w.list} ${r.shop.name}`}
          >
            {w.list}
          </Link>
        </span>
      ),
    },
  ];
  return <DataTable label={w.shops} columns={columns} rows={of} id={(r) => r.shop.id} />;
}

/** Agreed says in a line what a shop agreed to beforehand. */
function Agreed({ to }: { to: Consent }) {
  const w = useWords(shopWords);
  const word = useWord();
  const f = useFormat();
  if (!to.kinds?.length) return <span className="faint">{w.noConsent}</span>;
  return (
    <span>
      {to.kinds.map((k) => word(kinds, k)).join(" · ")} <span className="faint">{w.upTo(f.money(to.up_to))}</span>
    </span>
  );
}

function More({ load, busy }: { load: () => void; busy: boolean }) {
  const w = useWords(partWords);
  return (
    <div className="row" style={{ justifyContent: "center", paddingTop: 12 }}>
      <Button onClick={load} busy={busy}>
        {w.more}
      </Button>
    </div>
  );
}
