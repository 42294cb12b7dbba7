import type { ReactNode, RefObject } from "react";
import type { Queued } from "@/api/schema";
import type { useRows } from "@/ui/rows";
import { useWords } from "@/words/language";
import { reviewWords } from "./words";

interface Props {
  items: Queued[];
  rows: ReturnType<typeof useRows>;
  box: RefObject<HTMLDivElement | null>;
  /** chosen is how many rows are ticked */
  chosen: number;
  row: (item: Queued, n: number) => ReactNode;
}

/** QueueTable draws the rows that are in sight, and leaves room for the others. */
export function QueueTable({ items, rows, box, chosen, row }: Props) {
  const w = useWords(reviewWords);
  return (
    <div className="q-table" role="table" aria-label={w.title} aria-rowcount={items.length}>
      <div className="q-row q-head" role="row">
        <span role="columnheader" className="q-select">
          <span className="sr">{w.selected(chosen)}</span>
        </span>
        <span role="columnheader">{w.columns.due}</span>
        <span role="columnheader">{w.columns.stakes}</span>
        <span role="columnheader">{w.columns.what}</span>
        <span role="columnheader" className="q-amount">
          {w.columns.amount}
        </span>
        <span role="columnheader">{w.columns.finding}</span>
        <span role="columnheader">{w.columns.words}</span>
      </div>
      <div ref={box} role="rowgroup" className="q-body" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((v) => {
          const item = items[v.index];
          if (!item) return null;
          return (
            <div
              key={`${item.claim_id}-${item.task}`}
              role="presentation"
              data-index={v.index}
              ref={rows.measureElement}
              className="q-place"
              style={{ transform: `translateY(${v.start - rows.options.scrollMargin}px)` }}
            >
              {row(item, v.index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
