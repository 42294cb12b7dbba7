interface Days {
  from?: string;
  to?: string;
}

interface DaysProps {
  of: Days;
  set: (days: Days) => void;
  /** from and to are what the two fields are called */
  from: string;
  to: string;
}

/** FilterDays narrows a list to a span of days; either end may be left open. */
export function FilterDays({ of, set, from, to }: DaysProps) {
  return (
    <span className="op-days">
      <input
        className="input"
        type="date"
        aria-label={from}
        value={of.from ?? ""}
        max={of.to}
        onChange={(e) => set({ from: e.target.value })}
      />
      <span aria-hidden="true">–</span>
      <input
        className="input"
        type="date"
        aria-label={to}
        value={of.to ?? ""}
        min={of.from}
        onChange={(e) => set({ to: e.target.value })}
      />
    </span>
  );
}
