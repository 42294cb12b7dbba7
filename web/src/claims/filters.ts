import type { operations } from "@/api/schema";
import { read as readFrom, write as writeTo } from "@/ui/staff/address";
import { queryOf as daysQuery } from "@/ui/staff/range";
import { kinds, outcomes, reasons, states } from "@/words/domain";

type Query = NonNullable<operations["claims"]["parameters"]["query"]>;

/** Filters are what narrows the list of claims; they live in the address. */
export interface Filters {
  state?: string;
  kind?: string;
  reason?: string;
  outcome?: string;
  merchant?: string;
  /** how the claim's or order's id begins */
  q?: string;
  /** days, the last one included: 2026-11-24 */
  from?: string;
  to?: string;
  sort?: "due";
}

const known: Partial<Record<keyof Filters, Record<string, unknown>>> = {
  state: states,
  kind: kinds,
  reason: reasons,
  outcome: outcomes,
};
const names: (keyof Filters)[] = ["state", "kind", "reason", "outcome", "merchant", "q", "from", "to", "sort"];

/** read takes filters out of an address; what the desk does not know is left out. */
export const read = (params: URLSearchParams): Filters =>
  readFrom<Filters>(params, names, 64, (name, value) => {
    const of = known[name];
    return (!of || Object.hasOwn(of, value)) && (name !== "sort" || value === "due");
  });

/** write puts filters into an address, in one order, so that equal filters are equal addresses. */
export const write = (f: Filters): URLSearchParams => writeTo(f, names);

/** queryOf is filters as the server takes them. */
export function queryOf(f: Filters): Query {
  const { state, from, to, ...rest } = f;
  const span = daysQuery({ from: from ?? "", to: to ?? "" });
  return { ...(rest as Query), state: state ? [state as "draft"] : undefined, from: span.from, to: span.to };
}

/** narrowed is whether anything is left out. */
export const narrowed = (f: Filters) => names.some((n) => n !== "sort" && f[n]);
