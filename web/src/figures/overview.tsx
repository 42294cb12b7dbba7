import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Link } from "react-router";
import { api, must } from "@/api/client";
import type { ClaimFigures, Figures } from "@/api/schema";
import type { First } from "@/session/queries";
import { useFormat } from "@/ui/format";
import { DataTable, Figure, OperatorPage, RangePicker, useRange } from "@/ui/staff/parts";
import { queryOf, type Range, readRange } from "@/ui/staff/range";
import { Empty, Loading, TroubleBox } from "@/ui/states";
import { states, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { ByFinding, ByReason, ByShop, Moneys } from "./tables";
import { figureWords } from "./words";
import "./figures.css";

const Days = lazy(() => import("./days"));

const going = ["screening", "awaiting_merchant", "awaiting_buyer", "awaiting_reply", "review", "visit", "decided"];

/** OverviewPage is what an operator opens in the morning: where claims stand now, and what came of those of a span. */
export default function OverviewPage() {
  const w = useWords(figureWords);
  const range = useRange();
  return (
    <OperatorPage title={w.overview} about={w.overviewAbout}>
      <Now />
      <div className="op-card-head" style={{ marginBottom: 0 }}>
        <h2>{w.inSpan}</h2>
        <RangePicker />
      </div>
      <Span range={range} />
    </OperatorPage>
  );
}

const nowQuery = queryOptions({
  queryKey: ["claims", "now"],
  queryFn: () => must<Figures>(api.GET("/v1/figures")),
});

const spanQuery = (range: Range) =>
  queryOptions({
    queryKey: ["claims", "figures", range],
    queryFn: () => must<ClaimFigures>(api.GET("/v1/figures/claims", { params: { query: queryOf(range) } })),
  });

/** first asks for the figures while the page is still being made. */
export const first: First = (queries, address) => {
  void queries.prefetchQuery(nowQuery);
  void queries.prefetchQuery(spanQuery(readRange(address.searchParams, new Date())));
};

/** Now counts the claims that are not closed by their state, each with a way to its list. */
function Now() {
  const w = useWords(figureWords);
  const word = useWord();
  const f = useFormat();
  const { data, error, isPending, refetch } = useQuery({ ...nowQuery, refetchInterval: 60_000 });
  if (isPending) return <Loading lines={2} height={72} />;
  if (error && !data) return <TroubleBox error={error} retry={() => void refetch()} />;
  const open = going.reduce((n, s) => n + (data.by_state[s] ?? 0), 0);
  return (
    <section className="op-numbers" aria-label={w.now}>
      <Link to="/operator/claims" className="op-number">
        <span className="muted">{w.open}</span>
        <strong className="num">{f.count(open)}</strong>
      </Link>
      {going.map((s) => (
        <Link key={s} to={`/operator/claims?state=${s}`} className="op-number">
          <span className="muted">{word(states, s)}</span>
          <strong className="num">{f.count(data.by_state[s] ?? 0)}</strong>
        </Link>
      ))}
    </section>
  );
}

function Span({ range }: { range: Range }) {
  const w = useWords(figureWords);
  const f = useFormat();
  const { data, error, isPending, refetch } = useQuery({ ...spanQuery(range), placeholderData: keepPreviousData });
  if (isPending) return <Loading lines={8} height={48} />;
  if (error && !data) return <TroubleBox error={error} retry={() => void refetch()} />;
  const days = data?.days ?? [];
  if (!data || !days.some((d) => d.opened || d.closed))
    return (
      <div className="card">
        <Empty title={w.none}>{w.noneAbout}</Empty>
      </div>
    );
  const columns = [
    { title: w.day, cell: (d: (typeof days)[number]) => d.day },
    { title: w.opened, number: true, cell: (d: (typeof days)[number]) => f.count(d.opened) },
    { title: w.closed, number: true, cell: (d: (typeof days)[number]) => f.count(d.closed) },
  ];
  return (
    <>
      <section className="card">
        <div className="op-card-head">
          <h2>{w.openedClosed}</h2>
        </div>
        <Suspense fallback={<Loading lines={5} height={48} />}>
          <Days of={days} />
        </Suspense>
        <details>
          <summary>{w.asTable}</summary>
          <DataTable label={w.openedClosed} columns={columns} rows={[...days].reverse()} id={(d) => d.day} />
        </details>
      </section>
      <ByReason of={data} range={range} />
      <div className="op-grid">
        <div className="op">
          <Moneys of={data} />
          <AgreementCard range={range} />
          <ByFinding of={data} />
        </div>
        <ByShop of={data} range={range} />
      </div>
      <p className="faint">
        {w.meaning} {w.counted(f.moment(data.at))}
      </p>
    </>
  );
}

/** fewest is from how many second readings on kappa is worth a look. */
const fewest = 10;

/** AgreementCard says how often second readings came to the same as the first. */
function AgreementCard({ range }: { range: Range }) {
  const w = useWords(figureWords);
  const f = useFormat();
  const { from, to } = queryOf(range);
  const { data } = useQuery({
    queryKey: ["claims", "agreement", range],
    placeholderData: keepPreviousData,
    queryFn: () => must<Figures>(api.GET("/v1/figures", { params: { query: { from, to } } })),
  });
  const a = data?.agreement;
  return (
    <section className="card">
      <div className="op-card-head">
        <h2>{w.agreement}</h2>
      </div>
      {a && a.readings > 0 ? (
        <div className="op-numbers">
          <Figure
            name={w.agreementShare}
            value={f.percent(a.agreed / a.readings)}
            about={w.agreementAbout(a.agreed, a.readings)}
          />
          {/* Of a handful, or where all came out alike, it says nothing. */}
          <Figure
            name={w.kappa}
            value={a.readings < fewest ? "–" : a.kappa.toFixed(2)}
            about={a.readings < fewest ? w.kappaFew(fewest) : w.kappaAbout}
          />
        </div>
      ) : (
        <p className="faint">{w.noAgreement}</p>
      )}
    </section>
  );
}
