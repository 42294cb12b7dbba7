import { Button } from "@/ui/kit";
import { FilterDays } from "@/ui/staff/filter-days";
import { FilterText } from "@/ui/staff/filter-text";
import { partWords } from "@/ui/staff/parts";
import { useWord } from "@/words/domain";
import { events, streams } from "@/words/events";
import { useWords } from "@/words/language";
import { type Filters, groupOf } from "./filters";
import { auditWords } from "./words";

/** AuditBar narrows the record by subject, event, person and days. */
export function AuditBar({ of, set }: { of: Filters; set: (f: Filters) => void }) {
  const w = useWords(auditWords);
  const parts = useWords(partWords);
  const group = of.stream ? groupOf(of.stream) : "";
  const word = useWord();
  const kinds = Object.keys(events).filter((kind) => !group || kind.startsWith(`${group}.`));
  return (
    <search className="op-filters">
      <select
        className="select"
        aria-label={w.stream}
        value={group}
        onChange={(e) => set({ ...of, stream: e.target.value, kind: undefined })}
      >
        <option value="">{w.anyStream}</option>
        {Object.keys(streams).map((id) => (
          <option key={id} value={id}>
            {word(streams, id)}
          </option>
        ))}
      </select>
      <select
        className="select"
        aria-label={w.kind}
        value={of.kind ?? ""}
        onChange={(e) => set({ ...of, kind: e.target.value })}
      >
        <option value="">{w.anyKind}</option>
        {kinds.map((id) => (
          <option key={id} value={id}>
            {word(events, id)}
          </option>
        ))}
      </select>
      <FilterText
        name={w.subject}
        hint={w.subjectHint}
        start={of.stream?.includes("/") ? of.stream : ""}
        set={(stream) => set({ ...of, stream })}
      />
      <FilterText name={w.by} start={of.by ?? ""} set={(by) => set({ ...of, by })} />
      <FilterDays of={of} set={(days) => set({ ...of, ...days })} from={parts.from} to={parts.to} />
      {Object.keys(of).length > 0 && (
        <Button className="op-small" onClick={() => set({})}>
          {w.clear}
        </Button>
      )}
    </search>
  );
}
