// The queue's filters live in the address, and are the parameters of the API.
export const filterNames = [
  "task",
  "kind",
  "reason",
  "stakes_min",
  "overdue",
  "mine",
  "senior",
  "q",
  "merchant",
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = Partial<Record<FilterName, string>>;

const flags = new Set<FilterName>(["overdue", "mine", "senior"]);

/** filtersOf reads the address; what is not a filter is left out. */
export function filtersOf(params: URLSearchParams): Filters {
  const out: Filters = {};
  for (const name of filterNames) {
    const value = params.get(name)?.trim();
    if (value && value.length <= 100 && (!flags.has(name) || value === "true")) out[name] = value;
  }
  return out;
}

/** queryOf is what the API is asked: flags as booleans, the stakes as a number from 0 to 3. */
export function queryOf(f: Filters) {
  const stakes = Number(f.stakes_min);
  return {
    ...f,
    stakes_min:
      f.stakes_min !== undefined && Number.isInteger(stakes) && stakes >= 0 && stakes <= 3 ? stakes : undefined,
    overdue: f.overdue ? true : undefined,
    mine: f.mine ? true : undefined,
    senior: f.senior ? true : undefined,
  };
}

/** addressOf writes filters as an address's query, in one order, so that equal filters are equal addresses. */
export function addressOf(f: Filters): string {
  const out = new URLSearchParams();
  for (const name of filterNames) {
    const value = f[name];
    if (value) out.set(name, value);
  }
  return out.toString();
}
