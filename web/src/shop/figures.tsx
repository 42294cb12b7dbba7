import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useSearchParams } from "react-router";
import { api, must } from "@/api/client";
import type { ListReasonBody, ShopFigures } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Empty, Loading, TroubleBox } from "@/ui/states";
import { OutcomeTag } from "@/ui/tags";
import { reasons, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { figureWords } from "./figure-words";
import "./shop.css";

const Months = lazy(() => import("./months"));

const spans = [30, 90, 365];

function useFigures(days: number) {
  return useQuery({
    queryKey: ["shop-figures", days],
    placeholderData: keepPreviousData,
    queryFn: () => {
      const from = new Date(Date.now() - days * 86_400_000);
      const query = { from: from.toISOString(), utc_offset: -new Date().getTimezoneOffset() };
      return must<ShopFigures>(api.GET("/v1/figures/shop", { params: { query } }));
    },
  });
}

/** FiguresPage is how a shop's claims ended, why, and how soon it answered. */
export default function FiguresPage() {
  const w = useWords(figureWords);
  const [params, setParams] = useSearchParams();
  const days = spans.find((d) => String(d) === params.get("days")) ?? 365;
  const { data, error, isPending, refetch } = useFigures(days);
  return (
    <main id="main" className="page stack" style={{ maxWidth: 1200, gap: 20 }}>
      <div className="page-head" style={{ marginBottom: 0 }}>
        <div>
          <h1>{w.title}</h1>
          <p>{w.about}</p>
        </div>
        <select
          className="select"
          style={{ width: "auto" }}
          aria-label={w.span}
          value={days}
          onChange={(e) => setParams({ days: e.target.value }, { replace: true })}
        >
          {spans.map((d) => (
            <option key={d} value={d}>
              {w.days(d)}
            </option>
          ))}
        </select>
      </div>
      {isPending ? (
        <Loading lines={8} height={40} />
      ) : error && !data ? (
        <TroubleBox error={error} retry={() => void refetch()} />
      ) : data && data.claims > 0 ? (
        <Figures of={data} />
      ) : (
        <div className="card">
          <Empty title={w.none}>{w.noneAbout}</Empty>
        </div>
      )}
    </main>
  );
}

function Figures({ of }: { of: ShopFigures }) {
  const w = useWords(figureWords);
  const f = useFormat();
  const word = useWord();
  const ended = of.won + of.lost + of.settled;
  const share = (n: number) => (ended > 0 ? f.percent(n / ended) : "–");
  return (
    <>
      <div className="numbers">
        <Figure name={w.claims} value={f.count(of.claims)} about={w.stillOpen(of.open)} />
        <Figure name={w.won} value={f.count(of.won)} about={share(of.won)} />
        <Figure name={w.lost} value={f.count(of.lost)} about={share(of.lost)} />
        <Figure name={w.settled} value={f.count(of.settled)} about={share(of.settled)} />
        <Figure
          name={w.median}
          value={of.answer_median_minutes == null ? "–" : f.span(of.answer_median_minutes * 60_000)}
          about={w.medianAbout}
        />
        <Figure
          name={w.inTime}
          value={of.answered_in_time_share == null ? "–" : f.percent(of.answered_in_time_share)}
          about={w.silent(of.silent)}
        />
      </div>
      <section className="card stack">
        <h2>{w.months}</h2>
        <Suspense fallback={<Loading lines={5} height={40} />}>
          <Months of={of.months ?? []} />
        </Suspense>
        <details>
          <summary>{w.asTable}</summary>
          <Table
            label={w.months}
            head={[w.month, w.claims, w.won, w.lost, w.settled, w.open]}
            rows={(of.months ?? []).map((m) => [m.month, m.claims, m.won, m.lost, m.settled, m.open])}
          />
        </details>
      </section>
      <div className="two">
        <section className="card stack">
          <h2>{w.byReason}</h2>
          <Table
            label={w.byReason}
            head={[w.reason, w.claims, w.won, w.lost, w.settled, w.open]}
            rows={(of.by_reason ?? []).map((r) => [
              word(reasons, r.reason),
              r.claims,
              r.won,
              r.lost,
              r.settled,
              r.open,
            ])}
          />
        </section>
        <ByCode of={of} />
      </div>
      <p className="faint">{w.meaning}</p>
    </>
  );
}

/** ByCode says for which reasons people ruled as they did. */
function ByCode({ of }: { of: ShopFigures }) {
  const w = useWords(figureWords);
  const language = useLanguage();
  const codes = useQuery({
    queryKey: ["reason-codes"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => must<ListReasonBody>(api.GET("/v1/reason-codes")),
  });
  const texts = new Map(codes.data?.items?.map((r) => [r.code, r.text]));
  const rows = of.by_code ?? [];
  return (
    <section className="card stack">
      <h2>{w.byCode}</h2>
      {rows.length === 0 ? (
        <p className="faint">{w.noCodes}</p>
      ) : (
        <ul className="codes">
          {rows.map((r) => (
            <li key={r.code + r.outcome}>
              <span className="codes-text">{pick(texts.get(r.code), language) || r.code}</span>
              <OutcomeTag outcome={r.outcome} />
              <span className="num">{w.times(r.claims)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Figure({ name, value, about }: { name: string; value: string; about: string }) {
  return (
    <div className="number">
      <span className="muted">{name}</span>
      <strong className="num">{value}</strong>
      <span className="faint">{about}</span>
    </div>
  );
}

function Table({ label, head, rows }: { label: string; head: string[]; rows: (string | number)[][] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone the table scrolls, and by the keyboard too
    <section className="tablebox" aria-label={label} tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            {head.map((h) => (
              <th key={h} scope="col">
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...rest]) => (
            <tr key={first}>
              <th scope="row">{first}</th>
              {rest.map((cell, i) => (
                <td key={head[i + 1]} className="num">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
