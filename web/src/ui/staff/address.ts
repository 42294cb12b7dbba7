import { midnight } from "./range";

/**
 * read takes the named filters out of an address. What could be none is left out: nothing, something longer than
 * longest, a "from" or "to" that is no day, and whatever may does not let pass.
 */
export function read<F extends object>(
  params: URLSearchParams,
  names: (keyof F & string)[],
  longest: number,
  may: (name: keyof F & string, value: string) => boolean = () => true,
): F {
  const out: Record<string, string> = {};
  for (const name of names) {
    const value = params.get(name)?.trim();
    if (!value || value.length > longest || !may(name, value)) continue;
    if ((name === "from" || name === "to") && !midnight(value)) continue;
    out[name] = value;
  }
  return out as F;
}

/** write puts the named filters into an address, in one order, so that equal filters are equal addresses. */
export function write<F extends object>(f: F, names: (keyof F & string)[]): URLSearchParams {
  const out = new URLSearchParams();
  for (const name of names) {
    const value = (f[name] as string | undefined)?.trim();
    if (value) out.set(name, value);
  }
  return out;
}
