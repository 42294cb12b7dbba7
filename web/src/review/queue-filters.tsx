import type { RefObject } from "react";
import type { QueueSummary } from "@/api/schema";
import { Choose } from "@/ui/kit";
import { kinds, reasons, tasks, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { addressOf, type FilterName, type Filters } from "./filters";
import { Views } from "./views";
import { reviewWords } from "./words";

interface Props {
  filters: Filters;
  summary?: QueueSummary;
  /** search is the field that "/" leads to */
  search: RefObject<HTMLInputElement | null>;
  set: (name: FilterName, value: string | undefined) => void;
  /** open shows the queue as an address has it; the empty one is all of it */
  open: (query: string) => void;
}

/** QueueFilters narrow the queue; what they say stands in the address, and can be kept as a view. */
export function QueueFilters({ filters, summary, search, set, open }: Props) {
  const w = useWords(reviewWords);
  const word = useWord();
  const address = addressOf(filters);
  const option = (table: Parameters<typeof word>[0]) =>
    Object.keys(table).map((value) => ({ value, label: word(table, value) }));
  const chip = (label: string, n: number | undefined, on: boolean, change: () => void, tone = "") => (
    <button type="button" className={`chip ${tone}`} aria-pressed={on} onClick={change}>
      {label}
      {n !== undefined && <b className="num"> {n}</b>}
    </button>
  );
  return (
    <div className="row q-filters">
      {chip(w.all, summary?.total, address === "", () => open(""))}
      {chip(
        w.overdue,
        summary?.overdue,
        !!filters.overdue,
        () => set("overdue", filters.overdue ? undefined : "true"),
        summary?.overdue ? "seal" : "",
      )}
      {chip(w.mine, summary?.mine, !!filters.mine, () => set("mine", filters.mine ? undefined : "true"))}
      {chip(w.seniorOnly, undefined, !!filters.senior, () => set("senior", filters.senior ? undefined : "true"))}
      {filters.merchant && chip(`${w.shop} ${filters.merchant} ✕`, undefined, true, () => set("merchant", undefined))}
      <span className="faint nowrap">
        {w.soon} <b className="num">{summary?.due_soon ?? "–"}</b>
      </span>
      <Choose label={w.task} value={filters.task} options={option(tasks)} onChange={(v) => set("task", v)} />
      <Choose label={w.kind} value={filters.kind} options={option(kinds)} onChange={(v) => set("kind", v)} />
      <Choose label={w.reason} value={filters.reason} options={option(reasons)} onChange={(v) => set("reason", v)} />
      <Choose
        label={w.stakes}
        value={filters.stakes_min}
        options={w.stakesOf.map((label, i) => ({ value: String(i), label: `≥ ${label}` }))}
        onChange={(v) => set("stakes_min", v)}
      />
      <input
        ref={search}
        type="search"
        className="search q-search"
        aria-label={w.search}
        placeholder={`${w.search}  /`}
        key={filters.q ?? ""}
        defaultValue={filters.q}
        onKeyDown={(e) => e.key === "Enter" && set("q", e.currentTarget.value.trim() || undefined)}
        onChange={(e) => e.target.value === "" && set("q", undefined)}
      />
      <Views query={address} onOpen={open} />
    </div>
  );
}
