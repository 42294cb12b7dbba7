/** Range is a span of whole days in the viewer's zone; to is its last day. */
export interface Range {
  from: string;
  to: string;
}

export const presets = [7, 30, 90, 365] as const;
const usual = 30;
const form = /^\d{4}-\d{2}-\d{2}$/;

/** dayOf writes a moment's day in the viewer's zone: 2026-11-24. */
export function dayOf(t: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`;
}

/** midnight begins a day in the viewer's zone; undefined for what is no day. */
export function midnight(day: string, plus = 0): Date | undefined {
  if (!form.test(day)) return undefined;
  const [y = 0, m = 0, d = 0] = day.split("-").map(Number);
  const t = new Date(y, m - 1, d + plus);
  return plus === 0 && dayOf(t) !== day ? undefined : t;
}

/** lastDays is the range of the last n days, today with them. */
export function lastDays(n: number, now: Date): Range {
  const from = new Date(now.getFullYear(), now.getMonth(), now.getDate() - n + 1);
  return { from: dayOf(from), to: dayOf(now) };
}

/** readRange takes the range out of an address; what makes no sense there becomes the last 30 days. */
export function readRange(params: URLSearchParams, now: Date): Range {
  const from = params.get("from") ?? "";
  const to = params.get("to") ?? "";
  if (midnight(from) && midnight(to) && from <= to) return { from, to };
  const days = presets.find((p) => String(p) === params.get("days")) ?? usual;
  return lastDays(days, now);
}

/** presetOf says which preset the address shows; undefined for a span somebody chose by hand. */
export function presetOf(params: URLSearchParams): number | undefined {
  if (midnight(params.get("from") ?? "") && midnight(params.get("to") ?? "")) return undefined;
  return presets.find((p) => String(p) === params.get("days")) ?? usual;
}

/** writePreset and writeRange put a range into an address and leave its other parts alone. */
export function writePreset(params: URLSearchParams, days: number): URLSearchParams {
  const out = new URLSearchParams(params);
  out.delete("from");
  out.delete("to");
  if (days === usual) out.delete("days");
  else out.set("days", String(days));
  return out;
}

export function writeRange(params: URLSearchParams, range: Range): URLSearchParams {
  const out = new URLSearchParams(params);
  out.delete("days");
  out.set("from", range.from);
  out.set("to", range.to);
  return out;
}

/** queryOf is a range as the server takes it: moments, the end not included. */
export function queryOf(range: Range): { from?: string; to?: string; utc_offset: number } {
  const from = midnight(range.from);
  return {
    from: from?.toISOString(),
    to: midnight(range.to, 1)?.toISOString(),
    utc_offset: -(from ?? new Date()).getTimezoneOffset(),
  };
}
