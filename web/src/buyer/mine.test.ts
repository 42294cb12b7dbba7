import { expect, test } from "vitest";
import type { Claim } from "@/api/schema";
import { urgentFirst } from "./mine";

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
