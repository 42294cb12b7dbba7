import { useState } from "react";
import { Button } from "@/ui/kit";
import { kinds, outcomes, reasons, states, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { type Filters, narrowed } from "./claim-filters";
import { listWords } from "./list-words";

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
      <span className="op-days">
        <input
          className="input"
          type="date"
          aria-label={w.from}
          value={of.from ?? ""}
          max={of.to}
          onChange={(e) => clean({ ...of, from: e.target.value })}
        />
        <span aria-hidden="true">–</span>
        <input
          className="input"
          type="date"
          aria-label={w.to}
          value={of.to ?? ""}
          min={of.from}
          onChange={(e) => clean({ ...of, to: e.target.value })}
        />
      </span>
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

interface TextProps {
  name: string;
  /** hint stands in the empty field instead of its name */
  hint?: string;
  start: string;
  set: (text: string) => void;
  button?: string;
  narrow?: boolean;
}

/** FilterText is a field whose words count once Enter is pressed, it is left, or it is emptied. */
export function FilterText({ name, hint, start, set, button, narrow }: TextProps) {
  const [typed, setTyped] = useState(start);
  const [from, setFrom] = useState(start);
  if (from !== start) {
    // The address has changed from elsewhere: by "Clear", or going back.
    setFrom(start);
    setTyped(start);
  }
  return (
    <form
      className={button ? "op-words wide" : "op-words"}
      onSubmit={(e) => {
        e.preventDefault();
        set(typed);
      }}
    >
      <input
        className="input"
        type="search"
        aria-label={name}
        placeholder={hint ?? name}
        maxLength={64}
        style={narrow ? { width: 140 } : undefined}
        value={typed}
        onBlur={() => typed.trim() !== start && set(typed)}
        onChange={(e) => {
          setTyped(e.target.value);
          if (e.target.value === "" && start) set("");
        }}
      />
      {button && (
        <Button type="submit" className="op-small nowrap">
          {button}
        </Button>
      )}
    </form>
  );
}
