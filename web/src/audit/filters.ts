import type { operations } from "@/api/schema";
import { read as readFrom, write as writeTo } from "@/ui/staff/address";
import { queryOf as daysQuery } from "@/ui/staff/range";

type Query = NonNullable<operations["audit"]["parameters"]["query"]>;

/** Filters narrow the record; they live in the address, which names ids and nobody. */
export interface Filters {
  kind?: string;
  /** a subject ("policy/P1") or the kind of one ("policy") */
  stream?: string;
  by?: string;
  from?: string;
  to?: string;
}

const names: (keyof Filters)[] = ["kind", "stream", "by", "from", "to"];
const longest = 100;

/** read takes filters out of an address; what could be none is left out. */
export const read = (params: URLSearchParams): Filters => readFrom<Filters>(params, names, longest);

/** write puts filters into an address, in one order. */
export const write = (f: Filters): URLSearchParams => writeTo(f, names);

/** queryOf is filters as the server takes them. */
export function queryOf(f: Filters): Query {
  const { from, to } = daysQuery({ from: f.from ?? "", to: f.to ?? "" });
  return { kind: f.kind, stream: f.stream, by: f.by, from, to };
}

/** groupOf is the kind of a subject: "policy" of "policy/P1". */
export const groupOf = (stream: string) => stream.split("/", 1)[0] ?? stream;
