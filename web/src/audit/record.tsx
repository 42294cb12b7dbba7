import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useSearchParams } from "react-router";
import { api, must } from "@/api/client";
import { lastOf } from "@/api/lists";
import type { ListAuditEntry } from "@/api/schema";
import { useRows } from "@/ui/rows";
import { OperatorPage } from "@/ui/staff/parts";
import { Empty, EndOfList, Loading, TroubleBox } from "@/ui/states";
import { useWords } from "@/words/language";
import { Entry } from "./entry";
import { AuditBar } from "./filter-bar";
import { type Filters, queryOf, read, write } from "./filters";
import { auditWords } from "./words";
import "@/ui/staff/lists.css";
import "./audit.css";

/** AuditPage is the record of everything, newest first. */
export default function AuditPage() {
  const w = useWords(auditWords);
  const [params, setParams] = useSearchParams();
  const filters = read(params);
  const set = (f: Filters) => setParams(write(f));
  return (
    <OperatorPage title={w.title} about={w.about}>
      <AuditBar of={filters} set={set} />
      <Entries filters={filters} set={set} />
    </OperatorPage>
  );
}

function useRecord(filters: Filters) {
  return useInfiniteQuery({
    queryKey: ["audit", filters],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      must<ListAuditEntry>(
        api.GET("/v1/audit", { params: { query: { ...queryOf(filters), limit: 100, after: pageParam || undefined } } }),
      ),
    getNextPageParam: (last) => last.next || undefined,
  });
}

function Entries({ filters, set }: { filters: Filters; set: (f: Filters) => void }) {
  const w = useWords(auditWords);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRecord(filters);
  const box = useRef<HTMLOListElement>(null);
  const items = data?.pages.flatMap((p) => p.items ?? []) ?? [];
  const rows = useRows({
    count: items.length,
    estimateSize: () => 46,
    overscan: 15,
    scrollMargin: box.current?.offsetTop ?? 0,
    getItemKey: (i) => items[i]?.seq ?? i,
  });
  const shown = rows.getVirtualItems();
  const end = (lastOf(shown)?.index ?? 0) >= items.length - 15;
  useEffect(() => {
    if (end && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [end, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (isPending) return <Loading lines={10} height={34} />;
  if (error && !data) return <TroubleBox error={error} retry={() => void refetch()} />;
  if (items.length === 0) {
    const narrowed = Object.keys(filters).length > 0;
    return (
      <div className="card">
        <Empty title={narrowed ? w.none : w.empty}>{narrowed ? w.noneAbout : w.emptyAbout}</Empty>
      </div>
    );
  }
  return (
    <>
      <ol ref={box} className="op-list" style={{ height: rows.getTotalSize() }} aria-label={w.title}>
        {shown.map((v) => {
          const entry = items[v.index];
          return (
            entry && (
              <li
                key={v.key}
                ref={rows.measureElement}
                data-index={v.index}
                style={{ transform: `translateY(${v.start - rows.options.scrollMargin}px)` }}
              >
                <Entry of={entry} narrow={(by) => set({ ...filters, ...by })} />
              </li>
            )
          );
        })}
      </ol>
      {isFetchingNextPage ? <Loading lines={2} height={34} /> : !hasNextPage && <EndOfList />}
    </>
  );
}
