import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { ImportResult, ImportShown } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button, Field, Notice, Tag } from "@/ui/kit";
import { type Column, DataTable, OperatorPage } from "@/ui/staff/parts";
import { useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { kinds as claimKinds, reasons, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { asCSV, largest, remember, type Said, sameSaid, send, unsaid } from "./file";
import { importWords, type Kind } from "./words";
import "./imports.css";

const kinds: Kind[] = ["orders", "merchants", "buyers", "claims"];

/** ImportPage takes a file: checked first, shown as understood, then taken. */
export default function ImportPage() {
  const w = useWords(importWords);
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const [kind, setKind] = useState<Kind>("orders");
  const [file, setFile] = useState<File>();
  const [said, setSaid] = useState<Said>(unsaid);
  const run = useMutation({
    mutationFn: (o: { kind: Kind; file: File; said: Said; dry: boolean }) => send(o.kind, o.file, o.said, o.dry),
    onSuccess: (r) => {
      if (!r.dry_run) void queries.invalidateQueries();
    },
  });
  const check = (next: { kind?: Kind; file?: File; said?: Said } = {}) => {
    const o = { kind, said, dry: true, ...next, file: next.file ?? file };
    if (o.file && o.file.size <= largest) run.mutate({ ...o, file: o.file });
  };
  const { data: r, isPending: busy, variables: checked } = run;
  // What is taken is what was checked: with other settings the file would be read otherwise than it is shown.
  const stale =
    !!r?.dry_run && !!checked && (checked.kind !== kind || checked.file !== file || !sameSaid(checked.said, said));
  return (
    <OperatorPage title={w.title} about={w.about}>
      <section className="card stack" aria-label={w.file}>
        <div className="im-choose">
          <Field label={w.what}>
            {(ids) => (
              <select
                {...ids}
                className="select"
                value={kind}
                onChange={(e) => {
                  const next = e.target.value as Kind;
                  setKind(next);
                  check({ kind: next });
                }}
              >
                {kinds.map((k) => (
                  <option key={k} value={k}>
                    {w.kinds[k]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={w.file} hint={w.fileHint} wrong={file && file.size > largest ? w.large : undefined}>
            {(ids) => (
              <input
                {...ids}
                className="input"
                type="file"
                accept=".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson"
                onChange={(e) => {
                  const next = e.target.files?.[0];
                  setFile(next);
                  run.reset();
                  if (next) check({ file: next });
                }}
              />
            )}
          </Field>
        </div>
        <Unsaid said={said} change={setSaid} orders={kind === "orders"} />
        <div className="row">
          <Button onClick={() => check()} disabled={!file} busy={busy}>
            {w.check}
          </Button>
          {r?.dry_run && r.kept > 0 && !stale && checked && (
            <Button kind="primary" onClick={() => run.mutate({ ...checked, dry: false })}>
              {w.take(r.kept)}
            </Button>
          )}
        </div>
        {stale && (
          <Notice tone="amber" alert>
            {w.stale}
          </Notice>
        )}
        {run.error && (
          <Notice tone="seal" alert>
            {trouble(run.error)}
          </Notice>
        )}
      </section>
      {r && !stale && checked && <Outcome of={r} kind={checked.kind} again={() => check()} />}
    </OperatorPage>
  );
}

function Unsaid({ said, change, orders }: { said: Said; change: (s: Said) => void; orders: boolean }) {
  const w = useWords(importWords);
  const text = (key: "merchant" | "currency" | "zone", label: string, most: number, hint?: string) => (
    <Field label={label} hint={hint}>
      {(ids) => (
        <input
          {...ids}
          className="input"
          maxLength={most}
          value={said[key]}
          onChange={(e) => change({ ...said, [key]: e.target.value })}
        />
      )}
    </Field>
  );
  const choice = (key: "numbers" | "dates", label: string, options: [string, string][]) => (
    <Field label={label}>
      {(ids) => (
        <select
          {...ids}
          className="select"
          value={said[key]}
          onChange={(e) => change({ ...said, [key]: e.target.value } as Said)}
        >
          <option value="auto">{w.auto}</option>
          {options.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <details className="im-unsaid">
      <summary>{w.more}</summary>
      <div className="im-choose">
        {orders && text("merchant", w.merchant, 64, w.merchantHint)}
        {text("currency", w.currency, 3, w.currencyHint)}
        {text("zone", w.zone, 6)}
        {choice("numbers", w.numbers, [
          ["point", w.point],
          ["comma", w.comma],
        ])}
        {choice("dates", w.dates, [
          ["mdy", w.mdy],
          ["dmy", w.dmy],
        ])}
      </div>
    </details>
  );
}

function Outcome({ of: r, kind, again }: { of: ImportResult; kind: Kind; again: () => void }) {
  const w = useWords(importWords);
  const f = useFormat();
  const number = (label: string, n: number) => (
    <div className="op-number">
      <span className="muted">{label}</span>
      <strong>{f.count(n)}</strong>
    </div>
  );
  return (
    <>
      {!r.dry_run && r.kept > 0 && (
        <Notice tone="good" alert>
          <strong>{w.done(r.kept)}</strong> {r.refused > 0 && w.doneAbout}
        </Notice>
      )}
      {r.wrong && (
        <Notice tone="seal" alert>
          {r.wrong}
        </Notice>
      )}
      <section className="card stack" aria-label={w.understood}>
        <h2>{w.understood}</h2>
        <div className="row">
          {r.platform && <Tag tone="accent">{w.recognised(r.platform)}</Tag>}
          {r.encoding && <Tag>{w.written(r.encoding, r.separator === "\t" ? "Tab" : r.separator)}</Tag>}
          {r.sheet && <Tag>{w.sheet(r.sheet)}</Tag>}
        </div>
        {(r.notes ?? []).map((n) => (
          <p key={n} className="muted">
            {n}
          </p>
        ))}
        <div className="op-numbers">
          {number(w.rows, r.rows)}
          {number(r.dry_run ? w.fit : w.kept, r.kept)}
          {number(w.same, r.same)}
          {number(w.refused, r.refused)}
        </div>
      </section>
      {(r.first ?? []).length > 0 && <First rows={r.first ?? []} />}
      {(r.problems ?? []).length > 0 && <Refused of={r} />}
      {(r.columns ?? []).length > 0 && r.dry_run && (
        <Columns key={r.signature + JSON.stringify(r.columns)} of={r} kind={kind} again={again} />
      )}
    </>
  );
}

/** Columns shows what each column holds; what is corrected is remembered by the headers. */
function Columns({ of: r, kind, again }: { of: ImportResult; kind: Kind; again: () => void }) {
  const w = useWords(importWords);
  const trouble = useTroubleText();
  const columns = r.columns ?? [];
  const [chosen, setChosen] = useState(() => columns.map((c) => c.field));
  const changed = columns.some((c, i) => c.field !== chosen[i]);
  const keep = useMutation({
    mutationFn: () => {
      const said: Record<string, string> = {};
      columns.forEach((c, i) => {
        if (c.header && chosen[i]) said[c.header] = chosen[i];
      });
      return remember(kind, r.signature, said);
    },
    onSuccess: () => {
      toast(w.remembered);
      again();
    },
    onError: (error) => toast(trouble(error)),
  });
  const rows = columns.map((c, i) => ({ ...c, i }));
  const list: Column<(typeof rows)[number]>[] = [
    { title: w.header, cell: (c) => c.header || w.none },
    {
      title: w.holds,
      cell: (c) => (
        <select
          className="select im-field"
          aria-label={`${w.holds}: ${c.header}`}
          value={chosen[c.i]}
          onChange={(e) => setChosen((all) => all.map((x, n) => (n === c.i ? e.target.value : x)))}
        >
          <option value="">{w.unknown}</option>
          <option value="-">{w.nothing}</option>
          {(r.fields ?? []).map((f) => (
            <option key={f.name} value={f.name}>
              {f.about} · {f.name}
            </option>
          ))}
        </select>
      ),
    },
  ];
  return (
    <section className="card stack" aria-label={w.columns}>
      <div className="op-card-head">
        <h2>{w.columns}</h2>
        <Button onClick={() => keep.mutate()} disabled={!changed} busy={keep.isPending}>
          {w.remember}
        </Button>
      </div>
      <p className="muted">{w.columnsAbout}</p>
      <DataTable label={w.columns} columns={list} rows={rows} id={(c) => String(c.i)} />
    </section>
  );
}

function First({ rows }: { rows: ImportShown[] }) {
  const w = useWords(importWords);
  const f = useFormat();
  const word = useWord();
  const text = (r: ImportShown): [string, ReactNode][] => {
    if (r.order) {
      const o = r.order;
      const goods = (o.lines ?? []).map((l) => `${l.quantity} × ${l.title} (${f.money(l.price)})`).join("; ");
      return [
        [w.order, o.id],
        [w.shop, o.merchant_id],
        [w.buyer, o.buyer_id],
        [w.goods, goods],
        [w.paid, f.money(o.total)],
        [w.placed, f.moment(o.placed_at, true)],
      ];
    }
    if (r.claim)
      return [
        [w.order, r.claim.order_id],
        [w.claim, `${word(claimKinds, r.claim.kind)} · ${word(reasons, r.claim.reason)}`],
        [w.paid, r.claim.ask.currency ? f.money(r.claim.ask) : w.none],
      ];
    const party = r.merchant ?? r.buyer;
    return [
      [r.merchant ? w.shop : w.buyer, party?.id],
      [w.name, party?.name ?? w.none],
    ];
  };
  const shown = rows.map((r) => ({ line: r.line, cells: text(r) }));
  const columns: Column<(typeof shown)[number]>[] = [
    { title: w.line, cell: (r) => w.lineNo(f.count(r.line)) },
    ...(shown[0]?.cells ?? []).map(([title], i) => ({
      title,
      cell: (r: (typeof shown)[number]) => r.cells[i]?.[1],
    })),
  ];
  return (
    <section className="card stack" aria-label={w.first}>
      <h2>{w.first}</h2>
      <DataTable label={w.first} columns={columns} rows={shown} id={(r) => String(r.line)} />
    </section>
  );
}

function Refused({ of: r }: { of: ImportResult }) {
  const w = useWords(importWords);
  const f = useFormat();
  const problems = r.problems ?? [];
  const download = () => {
    const url = URL.createObjectURL(
      new Blob([asCSV([w.line, w.column, w.why], problems)], { type: "text/csv;charset=utf-8" }),
    );
    const a = document.createElement("a");
    a.href = url;
    a.download = "refused.csv";
    a.click();
    URL.revokeObjectURL(url);
  };
  const rows = problems.slice(0, 50).map((p, i) => ({ ...p, i }));
  const left = problems.length - rows.length + r.more;
  return (
    <section className="card stack" aria-label={w.problems}>
      <div className="op-card-head">
        <h2>{w.problems}</h2>
        <Button onClick={download}>{w.download}</Button>
      </div>
      <DataTable
        label={w.problems}
        columns={[
          { title: w.line, cell: (p) => w.lineNo(f.count(p.line)) },
          { title: w.column, cell: (p) => p.column || p.field || w.none },
          { title: w.why, cell: (p) => p.detail },
        ]}
        rows={rows}
        id={(p) => String(p.i)}
      />
      {left > 0 && <p className="muted">{w.problemsMore(left)}</p>}
    </section>
  );
}
