import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { api, must } from "@/api/client";
import type { ListAuditEntry } from "@/api/schema";
import { EndlessList } from "@/ui/endless";
import { OperatorPage } from "@/ui/staff/parts";
import { Empty } from "@/ui/states";
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
  const list = useRecord(filters);
  const narrowed = Object.keys(filters).length > 0;
  return (
    <EndlessList
      list={list}
      id={(entry) => entry.seq}
      label={w.title}
      className="op-list"
      height={46}
      lines={34}
      ordered
      empty={<Empty title={narrowed ? w.none : w.empty}>{narrowed ? w.noneAbout : w.emptyAbout}</Empty>}
    >
      {(entry) => <Entry of={entry} narrow={(by) => set({ ...filters, ...by })} />}
    </EndlessList>
  );
}
