import { Button } from "@/ui/kit";
import { FilterDays } from "@/ui/staff/filter-days";
import { FilterText } from "@/ui/staff/filter-text";
import { kinds, outcomes, reasons, states, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { type Filters, narrowed } from "./filters";
import { listWords } from "./words";

const choices = [
  ["state", states],
  ["reason", reasons],
  ["kind", kinds],
  ["outcome", outcomes],
] as const;

/** FilterBar narrows the list of claims; words are taken when Enter is pressed, the rest at once. */
export function FilterBar({ of, set }: { of: Filters; set: (f: Filters) => void }) {
  const w = useWords(listWords);
  const word = useWord();
  const clean = (f: Filters) => set({ ...f });
  return (
    <search className="op-filters">
      <FilterText name={w.search} start={of.q ?? ""} set={(q) => clean({ ...of, q })} button={w.find} />
      {choices.map(([name, table]) => (
        <select
          key={name}
          className="select"
          aria-label={w[name]}
          value={of[name] ?? ""}
          onChange={(e) => clean({ ...of, [name]: e.target.value })}
        >
          <option value="">{w.any(w[name])}</option>
          {Object.keys(table)
            .filter((code) => code !== "draft")
            .map((code) => (
              <option key={code} value={code}>
                {word(table, code)}
              </option>
            ))}
        </select>
      ))}
      <FilterText name={w.merchant} start={of.merchant ?? ""} set={(merchant) => clean({ ...of, merchant })} narrow />
      <FilterDays of={of} set={(days) => clean({ ...of, ...days })} from={w.from} to={w.to} />
      <label className="row" style={{ gap: 6 }}>
        <input
          type="checkbox"
          checked={of.sort === "due"}
          onChange={(e) => clean({ ...of, sort: e.target.checked ? "due" : undefined })}
        />
        {w.due}
      </label>
      {narrowed(of) && (
        <Button className="op-small" onClick={() => set({})}>
          {w.clear}
        </Button>
      )}
    </search>
  );
}
