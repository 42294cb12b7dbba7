import type { Case } from "@/api/schema";

const cny = (amount: number) => ({ amount, currency: "CNY" });

interface Parts {
  claim?: object;
  order?: object;
  [part: string]: unknown;
}

/** caseOf is a case as the desk sends it, about one cup at 39.90, for tests alone: what they do not name is usual. */
export function caseOf({ claim, order, ...more }: Parts = {}): Case {
  return {
    depth: "own",
    claim: {
      id: "c1",
      version: 3,
      round: 1,
      state: "review",
      order_id: "o1",
      merchant_id: "m1",
      buyer_id: "b1",
      kind: "return_refund",
      reason: "damaged",
      ask: cny(3990),
      opened_at: "2026-11-24T02:00:00Z",
      line_ids: ["1"],
      evidence: [],
      ...claim,
    },
    order: {
      id: "o1",
      merchant_id: "m1",
      buyer_id: "b1",
      lines: [{ id: "1", title: "杯子", quantity: 1, price: cny(3990) }],
      total: cny(3990),
      placed_at: "2026-11-01T00:00:00Z",
      ...order,
    },
    left: {
      amount: cny(3990),
      paid: cny(3990),
      most: cny(3990),
      lines: [{ line_id: "1", units: 1, quantity: 1, paid: cny(3990), amount: cny(3990) }],
    },
    evidence: [],
    references: [],
    ...more,
  } as unknown as Case;
}
