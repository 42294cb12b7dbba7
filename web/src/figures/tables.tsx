import { Link } from "react-router";
import type { AmountFigure, ClaimFigures, FindingFigure, MerchantFigure, ReasonFigure } from "@/api/schema";
import { write } from "@/claims/filters";
import { useFormat } from "@/ui/format";
import { type Column, DataTable } from "@/ui/staff/parts";
import type { Range } from "@/ui/staff/range";
import { FindingTag } from "@/ui/tags";
import { findings, reasons, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { Legend, type Part, Parts } from "./parts";
import { figureWords } from "./words";

const nothing: ReasonFigure = {
  reason: "",
  claims: 0,
  granted: 0,
  partly: 0,
  settled: 0,
  refused: 0,
  lapsed: 0,
  withdrawn: 0,
  open: 0,
};

/** ByReason is how claims for each reason ended; each leads to its list. */
export function ByReason({ of, range }: { of: ClaimFigures; range: Range }) {
  const w = useWords(figureWords);
  const word = useWord();
  const f = useFormat();
  const n = (title: string, of: (r: ReasonFigure) => number): Column<ReasonFigure> => ({
    title,
    number: true,
    cell: (r) => f.count(of(r)),
  });
  const parts = (r: ReasonFigure): Part[] => [
    { name: w.granted, n: r.granted, tone: "good" },
    { name: w.partly, n: r.partly, tone: "blue" },
    { name: w.settled, n: r.settled, tone: "accent" },
    { name: w.refused, n: r.refused, tone: "seal" },
    { name: w.lapsed, n: r.lapsed + r.withdrawn, tone: "line" },
    { name: w.stillOpen, n: r.open, tone: "empty" },
  ];
  const columns: Column<ReasonFigure>[] = [
    {
      title: w.reason,
      cell: (r) => (
        <Link to={`/operator/claims?${write({ reason: r.reason, ...range })}`}>{word(reasons, r.reason)}</Link>
      ),
    },
    n(w.claims, (r) => r.claims),
    { title: w.share, cell: (r) => <Parts of={parts(r)} /> },
    n(w.granted, (r) => r.granted),
    n(w.partly, (r) => r.partly),
    n(w.settled, (r) => r.settled),
    n(w.refused, (r) => r.refused),
    n(w.lapsed, (r) => r.lapsed + r.withdrawn),
    n(w.stillOpen, (r) => r.open),
  ];
  return (
    <section className="card">
      <div className="op-card-head">
        <h2>{w.byReason}</h2>
        <Link to={`/operator/claims?${write({ ...range })}`}>{w.allClaims}</Link>
      </div>
      <Legend of={parts(nothing)} />
      <DataTable label={w.byReason} columns={columns} rows={of.by_reason ?? []} id={(r) => r.reason} />
    </section>
  );
}

/** Moneys is what was asked for and what was paid back. */
export function Moneys({ of }: { of: ClaimFigures }) {
  const w = useWords(figureWords);
  const f = useFormat();
  const money = (amount: number, a: AmountFigure) => f.money({ amount, currency: a.currency });
  const columns: Column<AmountFigure>[] = [
    { title: w.currency, cell: (a) => a.currency },
    { title: w.claimed, number: true, cell: (a) => money(a.claimed, a) },
    { title: w.refunded, number: true, cell: (a) => money(a.refunded, a) },
    { title: w.share, number: true, cell: (a) => (a.claimed > 0 ? f.percent(a.refunded / a.claimed) : "–") },
  ];
  return (
    <section className="card">
      <div className="op-card-head">
        <h2>{w.money}</h2>
      </div>
      <DataTable label={w.money} columns={columns} rows={of.amounts ?? []} id={(a) => a.currency} />
    </section>
  );
}

/** ByShop lists the shops with the most claims. */
export function ByShop({ of, range }: { of: ClaimFigures; range: Range }) {
  const w = useWords(figureWords);
  const f = useFormat();
  const columns: Column<MerchantFigure>[] = [
    {
      title: w.shop,
      cell: (m) => (
        <Link to={`/operator/claims?${write({ merchant: m.merchant_id, ...range })}`}>{m.name || m.merchant_id}</Link>
      ),
    },
    { title: w.claims, number: true, cell: (m) => f.count(m.claims) },
    { title: w.granted, number: true, cell: (m) => f.count(m.granted + m.partly) },
    { title: w.settled, number: true, cell: (m) => f.count(m.settled) },
    { title: w.refused, number: true, cell: (m) => f.count(m.refused) },
  ];
  return (
    <section className="card">
      <div className="op-card-head">
        <h2>{w.topShops}</h2>
        <Link to="/operator/shops">{w.allShops}</Link>
      </div>
      <DataTable
        label={w.topShops}
        columns={columns}
        rows={(of.by_merchant ?? []).slice(0, 10)}
        id={(m) => m.merchant_id}
      />
    </section>
  );
}

/** ByFinding lists what the instruments found, and what people made of it. */
export function ByFinding({ of }: { of: ClaimFigures }) {
  const w = useWords(figureWords);
  const word = useWord();
  const f = useFormat();
  const columns: Column<FindingFigure>[] = [
    {
      title: w.finding,
      cell: (x) => (
        <span className="op-finding">
          {word(findings, x.code)}
          <FindingTag strength={x.strength} stance={x.stance} />
        </span>
      ),
    },
    { title: w.claims, number: true, cell: (x) => f.count(x.claims) },
    { title: w.upheld, number: true, cell: (x) => f.count(x.upheld) },
    { title: w.overturned, number: true, cell: (x) => f.count(x.overturned) },
  ];
  return (
    <section className="card">
      <div className="op-card-head">
        <h2>{w.topFindings}</h2>
        <Link to="/operator/detectors">{w.allDetectors}</Link>
      </div>
      <DataTable
        label={w.topFindings}
        columns={columns}
        rows={(of.by_finding ?? []).slice(0, 8)}
        id={(x) => `${x.code}/${x.strength}/${x.stance}`}
      />
    </section>
  );
}
