import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api, must } from "@/api/client";
import type { Difference, Paid, Result, Row } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button, Tag, type Tone } from "@/ui/kit";
import { type Column, DataTable, Figure } from "@/ui/staff/parts";
import { dayOf, midnight } from "@/ui/staff/range";
import { Empty, Loading, TroubleBox } from "@/ui/states";
import { actions, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { replayWords } from "./replay-words";
import { truthWords } from "./words";

const listed = 200;

/** Replay tries a text on past claims, for the days somebody chooses. */
export function Replay({ source }: { source: string }) {
  const w = useWords(replayWords);
  const [from, setFrom] = useState(() => dayOf(new Date(Date.now() - 180 * 86_400_000)));
  const [to, setTo] = useState(() => dayOf(new Date()));
  const run = useMutation({
    mutationFn: () =>
      must<Result>(
        api.POST("/v1/policies/replay", {
          body: { source, list: listed, from: midnight(from)?.toISOString(), to: midnight(to, 1)?.toISOString() },
        }),
      ),
  });
  return (
    <div className="stack" style={{ gap: 20 }}>
      <form
        className="card stack"
        onSubmit={(e) => {
          e.preventDefault();
          run.mutate();
        }}
      >
        <p className="muted">{w.about}</p>
        <div className="op-range">
          <input
            className="input"
            type="date"
            aria-label={w.from}
            required
            max={to}
            value={from}
            onChange={(e) => setFrom(e.target.value)}
          />
          <span aria-hidden="true">–</span>
          <input
            className="input"
            type="date"
            aria-label={w.to}
            required
            min={from}
            value={to}
            onChange={(e) => setTo(e.target.value)}
          />
          <Button type="submit" kind="primary" busy={run.isPending}>
            {run.isPending ? w.running : w.run}
          </Button>
        </div>
      </form>
      <div aria-live="polite" className="stack" style={{ gap: 20 }}>
        {run.isPending ? (
          <Loading lines={6} height={36} />
        ) : run.error ? (
          <TroubleBox error={run.error} retry={() => run.mutate()} />
        ) : run.data ? (
          <Outcome of={run.data} />
        ) : null}
      </div>
    </div>
  );
}

function Outcome({ of }: { of: Result }) {
  const w = useWords(replayWords);
  const f = useFormat();
  if (of.claims === 0)
    return (
      <div className="card">
        <Empty title={w.nothing}>{w.nothingAbout}</Empty>
      </div>
    );
  const rows = of.rows ?? [];
  const signed = (n: number) => `${n > 0 ? "+" : n < 0 ? "−" : "±"}${f.count(Math.abs(Math.round(n)))}`;
  return (
    <>
      <div className="op-numbers">
        <Figure name={w.claims} value={f.count(of.claims)} />
        <Figure
          name={w.different}
          value={f.count(of.different)}
          about={w.differentAbout(f.percent(of.different / of.claims))}
        />
        <Figure name={w.honest} value={f.count(of.moved.honest)} about={w.honestAbout} />
        <Figure name={w.forged} value={f.count(of.moved.forged)} about={w.forgedAbout} />
        <Figure
          name={w.hours}
          value={signed(of.hours_after - of.hours_before)}
          about={w.hoursAbout(f.count(Math.round(of.hours_before)), f.count(Math.round(of.hours_after)))}
        />
      </div>
      <div className="op-grid">
        <Actions rows={rows} signed={signed} />
        <Money paid={of.paid ?? []} />
      </div>
      <Differences of={of} />
      <p className="faint">
        {[of.skipped > 0 && w.skipped(of.skipped), of.failed > 0 && w.failed(of.failed), w.estimate]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </>
  );
}

function Actions({ rows, signed }: { rows: Row[]; signed: (n: number) => string }) {
  const w = useWords(replayWords);
  const word = useWord();
  const f = useFormat();
  const columns: Column<Row>[] = [
    { title: w.action, cell: (r) => word(actions, r.action) },
    { title: w.before, number: true, cell: (r) => f.count(r.before.claims) },
    { title: w.after, number: true, cell: (r) => f.count(r.after.claims) },
    { title: w.change, number: true, cell: (r) => signed(r.after.claims - r.before.claims) },
    { title: w.ofHonest, number: true, cell: (r) => `${r.before.honest} → ${r.after.honest}` },
    { title: w.ofForged, number: true, cell: (r) => `${r.before.forged} → ${r.after.forged}` },
  ];
  return (
    <section className="card">
      <h2>{w.byAction}</h2>
      <DataTable label={w.byAction} columns={columns} rows={rows} id={(r) => r.action} />
    </section>
  );
}

function Money({ paid }: { paid: Paid[] }) {
  const w = useWords(replayWords);
  const f = useFormat();
  const sum = (amount: number, currency: string) => f.money({ amount, currency });
  const columns: Column<Paid>[] = [
    { title: w.currency, cell: (p) => p.currency },
    { title: w.before, number: true, cell: (p) => sum(p.before, p.currency) },
    { title: w.after, number: true, cell: (p) => sum(p.after, p.currency) },
    {
      title: w.toForged,
      number: true,
      cell: (p) => `${sum(p.of_forged_before, p.currency)} → ${sum(p.of_forged_after, p.currency)}`,
    },
  ];
  return (
    <section className="card stack tight">
      <h2>{w.money}</h2>
      <p className="faint">{w.moneyAbout}</p>
      {paid.length ? (
        <DataTable label={w.money} columns={columns} rows={paid} id={(p) => p.currency} />
      ) : (
        <p className="muted">{w.noMoney}</p>
      )}
    </section>
  );
}

const truthTone: Record<string, Tone> = { honest: "good", forged: "seal" };

function Differences({ of }: { of: Result }) {
  const w = useWords(replayWords);
  const word = useWord();
  const f = useFormat();
  const list = of.list ?? [];
  const columns: Column<Difference>[] = [
    {
      title: w.claim,
      cell: (d) => (
        <Link to={`/review/${d.claim_id}`}>
          <code>{d.claim_id}</code>
        </Link>
      ),
    },
    {
      title: w.way,
      cell: (d) => (
        <span className="rules-way">
          <span>
            {word(actions, d.before)} → <strong>{word(actions, d.after)}</strong>
          </span>
          <span className="faint">
            <code>{d.rule_before || "–"}</code> → <code>{d.rule_after || "–"}</code>
          </span>
        </span>
      ),
    },
    { title: w.amount, number: true, cell: (d) => f.money(d.ask) },
    {
      title: w.truth,
      cell: (d) => (
        <span className="row">
          <Tag tone={truthTone[d.truth]}>{word(truthWords, d.truth)}</Tag>
          {d.appealed && <span className="faint">{w.appealed}</span>}
        </span>
      ),
    },
  ];
  return (
    <section className="card">
      <div className="op-card-head">
        <h2>{w.list}</h2>
        {list.length > 0 && <span className="faint">{w.listAbout(list.length, of.different)}</span>}
      </div>
      {list.length ? (
        <DataTable label={w.list} columns={columns} rows={list} id={(d) => d.claim_id} />
      ) : (
        <p className="muted">{w.same}</p>
      )}
    </section>
  );
}
