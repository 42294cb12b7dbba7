// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Claim, Order } from "@/api/schema";
import { tookAll, urgentFirst } from "./mine";

const claim = (id: string, state: string, due?: string) =>
  ({ id, state, clocks: due ? [{ kind: "buyer_answer", due }] : [] }) as unknown as Claim;

test("what waits for the buyer comes first, by the time that is left; the others keep their order", () => {
  const list = [
    claim("shop", "awaiting_merchant"),
    claim("draft", "draft"),
    claim("later", "awaiting_buyer", "2026-11-30T09:00:00Z"),
    claim("decided", "decided"),
    claim("soon", "awaiting_buyer", "2026-11-29T17:00:00+08:00"),
    claim("review", "review"),
  ];
  expect(urgentFirst(list).map((c) => c.id)).toEqual(["soon", "later", "draft", "shop", "decided", "review"]);
});

test("an order whose units were all taken by remedies names the newest claim, one with something left names none", () => {
  const order = { id: "o", lines: [{ id: "1", quantity: 2 }] } as Order;
  const ended = (id: string, units: number, state = "done") =>
    ({
      id,
      order_id: "o",
      opened_at: `2026-11-0${id}`,
      remedy: { state, lines: [{ line_id: "1", units, amount: 1 }] },
    }) as Claim;
  expect(tookAll(order, [ended("1", 2)])?.id).toBe("1");
  expect(tookAll(order, [ended("1", 1), ended("2", 1, "ordered")])?.id).toBe("2");
  for (const less of [[], [ended("1", 1)], [ended("1", 0)], [ended("1", 2, "failed")], [ended("1", 2, "revoked")]])
    expect(tookAll(order, less)).toBeUndefined();
  expect(tookAll({ ...order, id: "other" }, [ended("1", 2)])).toBeUndefined();
  expect(tookAll({ lines: [] as Order["lines"] } as Order, [])).toBeUndefined();
});
