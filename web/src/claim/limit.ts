import type { Case, Money } from "@/api/schema";

/** limitOf is the most that can be given for a claim: what was asked for, as far as it is left of what was paid. */
export function limitOf(k: Case): Money {
  const { ask } = k.claim;
  const most = k.left?.most;
  return most && most.amount < ask.amount ? most : ask;
}
