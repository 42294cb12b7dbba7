import type { Claim, Order } from "@/api/schema";
import { clockOf } from "@/claim/case";
import { whatNext } from "@/claim/next";

/**
 * urgentFirst puts the claims that wait for the buyer before the others, the
 * one whose time ends first at the head; drafts, which have none, follow them.
 */
export function urgentFirst<C extends Claim>(claims: C[]): C[] {
  const rank = (c: C) => (whatNext(c, "buyer", "en").mine ? (clockOf(c) ? 0 : 1) : 2);
  const due = (c: C) => (rank(c) === 0 ? Date.parse(clockOf(c)?.due ?? "") : 0);
  return [...claims].sort((a, b) => rank(a) - rank(b) || due(a) - due(b));
}

/**
 * tookAll is the newest of these claims about an order, where their remedies took
 * all of its units: nothing is left to file about. The desk counts what is left
 * itself; here it only names the button.
 */
export function tookAll<C extends Claim>(order: Order, claims: C[]): C | undefined {
  const lines = order.lines ?? [];
  const counts = (c: C) => c.remedy?.state === "ordered" || c.remedy?.state === "done";
  const took = claims.filter((c) => c.order_id === order.id && counts(c));
  const units = (line: string) =>
    took
      .flatMap((c) => c.remedy?.lines ?? [])
      .filter((t) => t.line_id === line)
      .reduce((n, t) => n + t.units, 0);
  const all = lines.length > 0 && lines.every((l) => units(l.id) >= l.quantity);
  return all ? took.reduce((a, b) => (a.opened_at > b.opened_at ? a : b)) : undefined;
}
