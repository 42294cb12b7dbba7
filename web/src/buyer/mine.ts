import type { Claim } from "@/api/schema";
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
