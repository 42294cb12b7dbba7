import { Button } from "@/ui/kit";
import { useWords } from "@/words/language";
import { type Filters, groupOf } from "./audit-filters";
import { auditWords } from "./audit-words";
import { FilterText } from "./filter-bar";
import { listWords } from "./list-words";

/** AuditBar narrows the record by subject, event, person and days. */
export function AuditBar({ of, set }: { of: Filters; set: (f: Filters) => void }) {
  const w = useWords(auditWords);
  const words = useWords(listWords);
  const group = of.stream ? groupOf(of.stream) : "";
  const kinds = Object.entries(w.kinds).filter(([kind]) => !group || kind.startsWith(`${group}.`));
  return (
    <search className="op-filters">
      <select
        className="select"
        aria-label={w.stream}
        value={group}
        onChange={(e) => set({ ...of, stream: e.target.value, kind: undefined })}
      >
        <option value="">{w.anyStream}</option>
        {Object.entries(w.groups).map(([id, name]) => (
          <option key={id} value={id}>
            {name}
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
        {kinds.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
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
      <span className="op-days">
        <input
          className="input"
          type="date"
          aria-label={words.from}
          value={of.from ?? ""}
          max={of.to}
          onChange={(e) => set({ ...of, from: e.target.value })}
        />
        <span aria-hidden="true">–</span>
        <input
          className="input"
          type="date"
          aria-label={words.to}
          value={of.to ?? ""}
          min={of.from}
          onChange={(e) => set({ ...of, to: e.target.value })}
        />
      </span>
      {Object.keys(of).length > 0 && (
        <Button className="op-small" onClick={() => set({})}>
          {w.clear}
        </Button>
      )}
    </search>
  );
}
