import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client";
import type { ShopFigures, ShopReason } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button } from "@/ui/kit";
import { type Column, DataTable, Figure } from "@/ui/staff/parts";
import { queryOf, type Range } from "@/ui/staff/range";
import { Loading, TroubleBox } from "@/ui/states";
import { reasons, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { shopWords } from "./words";

/** OneShop is one shop's figures as the shop itself sees them. */
export function OneShop({ id, name, range, close }: { id: string; name: string; range: Range; close: () => void }) {
  const w = useWords(shopWords);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["shop-figures", id, range],
    queryFn: () =>
      must<ShopFigures>(api.GET("/v1/figures/shop", { params: { query: { ...queryOf(range), merchant: id } } })),
  });
  return (
    <section className="card stack" aria-label={name}>
      <div className="op-card-head" style={{ marginBottom: 0 }}>
        <h2>{name}</h2>
        <Button className="op-small" onClick={close}>
          {w.close}
        </Button>
      </div>
      {isPending ? (
        <Loading lines={3} height={40} />
      ) : error ? (
        <TroubleBox error={error} retry={() => void refetch()} />
      ) : (
        <Numbers of={data} />
      )}
    </section>
  );
}

function Numbers({ of }: { of: ShopFigures }) {
  const w = useWords(shopWords);
  const word = useWord();
  const f = useFormat();
  const n = (title: string, get: (r: ShopReason) => number): Column<ShopReason> => ({
    title,
    number: true,
    cell: (r) => f.count(get(r)),
  });
  const columns: Column<ShopReason>[] = [
    { title: w.reason, cell: (r) => word(reasons, r.reason) },
    n(w.claims, (r) => r.claims),
    n(w.won, (r) => r.won),
    n(w.lost, (r) => r.lost),
    n(w.settled, (r) => r.settled),
    n(w.open, (r) => r.open),
  ];
  const share = of.answered_in_time_share;
  const median = of.answer_median_minutes;
  return (
    <>
      <div className="op-numbers">
        <Figure name={w.claims} value={f.count(of.claims)} />
        <Figure name={w.won} value={f.count(of.won)} />
        <Figure name={w.lost} value={f.count(of.lost)} />
        <Figure name={w.settled} value={f.count(of.settled)} />
        <Figure name={w.median} value={median == null ? "–" : f.span(median * 60_000)} />
        <Figure name={w.inTime} value={share == null ? "–" : f.percent(share)} about={w.silent(of.silent)} />
      </div>
      {of.claims > 0 && (
        <DataTable label={w.byReason} columns={columns} rows={of.by_reason ?? []} id={(r) => r.reason} />
      )}
    </>
  );
}
