import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import { useWords, type Words } from "@/words/language";
import { Button } from "../kit";
import { toast } from "../toast";
import { presetOf, presets, type Range, readRange, writePreset, writeRange } from "./range";
import "./staff.css";

export const partWords: Words<{
  span: string;
  days: (n: number) => string;
  own: string;
  from: string;
  to: string;
  copy: string;
  copied: string;
  more: string;
  cancel: string;
  close: string;
  save: string;
  once: string;
  all: string;
}> = {
  zh: {
    span: "时间范围",
    days: (n) => `近 ${n} 天`,
    own: "自选日期",
    from: "开始日期",
    to: "结束日期",
    copy: "复制",
    copied: "已复制",
    more: "加载更多",
    cancel: "取消",
    close: "关闭",
    save: "保存",
    once: "只显示这一次，关闭后无法再看到。",
    all: "全部",
  },
  en: {
    span: "Time span",
    days: (n) => `Last ${n} days`,
    own: "Chosen dates",
    from: "From",
    to: "To",
    copy: "Copy",
    copied: "Copied",
    more: "Load more",
    cancel: "Cancel",
    close: "Close",
    save: "Save",
    once: "Shown only now. Once this is closed it cannot be seen again.",
    all: "All",
  },
};

/** OperatorPage is the frame of the operator's pages: a title, what it is for, what one can do. */
export function OperatorPage({
  title,
  about,
  actions,
  children,
}: {
  title: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main id="main" className="page op">
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {about && <p>{about}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </div>
      {children}
    </main>
  );
}

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  /** number aligns figures under each other. */
  number?: boolean;
  acts?: boolean;
}

/** DataTable is a table whose rows become cards on a phone. The first column names the row. */
export function DataTable<T>({
  label,
  columns,
  rows,
  id,
}: {
  label: string;
  columns: Column<T>[];
  rows: readonly T[];
  id: (row: T) => string;
}) {
  const kind = (c: Column<T>) => (c.acts ? "acts" : c.number ? "n" : undefined);
  return (
    <div className="op-tablebox">
      <table className="op-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.title} scope="col" className={kind(c)}>
                {c.acts ? <span className="sr">{c.title}</span> : c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)}>
              {columns.map((c, i) =>
                i === 0 ? (
                  <th key={c.title} scope="row">
                    {c.cell(row)}
                  </th>
                ) : (
                  <td key={c.title} className={kind(c)} data-label={c.acts ? "" : c.title}>
                    {c.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** useRange reads the range of days from the address. */
export function useRange(): Range {
  const [params] = useSearchParams();
  return readRange(params, new Date());
}

/** RangePicker chooses days, and writes them into the address. */
export function RangePicker() {
  const w = useWords(partWords);
  const [params, setParams] = useSearchParams();
  const range = readRange(params, new Date());
  const preset = presetOf(params);
  const set = (next: Range) => {
    if (next.from && next.to && next.from <= next.to) setParams((p) => writeRange(p, next), { replace: true });
  };
  return (
    <div className="op-range">
      <select
        className="select"
        aria-label={w.span}
        value={preset ?? "own"}
        onChange={(e) =>
          e.target.value === "own"
            ? set(range)
            : setParams((p) => writePreset(p, Number(e.target.value)), { replace: true })
        }
      >
        {presets.map((d) => (
          <option key={d} value={d}>
            {w.days(d)}
          </option>
        ))}
        <option value="own">{w.own}</option>
      </select>
      {preset === undefined && (
        <>
          <input
            className="input"
            type="date"
            aria-label={w.from}
            value={range.from}
            max={range.to}
            onChange={(e) => set({ ...range, from: e.target.value })}
          />
          <span aria-hidden="true">–</span>
          <input
            className="input"
            type="date"
            aria-label={w.to}
            value={range.to}
            min={range.from}
            onChange={(e) => set({ ...range, to: e.target.value })}
          />
        </>
      )}
    </div>
  );
}

/** Secret shows what is shown once, to be copied. */
export function Secret({ label, text }: { label: string; text: string }) {
  const w = useWords(partWords);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    setCopied(true);
    toast(w.copied);
  };
  return (
    <div className="stack tight">
      <span className="muted">{label}</span>
      <code className="op-secret">{text}</code>
      <div className="row between">
        <span className="faint">{w.once}</span>
        <Button className="op-small" onClick={() => void copy()}>
          {copied ? w.copied : w.copy}
        </Button>
      </div>
    </div>
  );
}

/** Figure is one number with its name and what it means; with to it leads to the list behind it. */
export function Figure({ name, value, about }: { name: string; value: ReactNode; about?: ReactNode }) {
  return (
    <div className="op-number">
      <span className="muted">{name}</span>
      <strong className="num">{value}</strong>
      {about && <span className="faint">{about}</span>}
    </div>
  );
}
