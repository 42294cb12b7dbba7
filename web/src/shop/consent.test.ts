import { expect, test } from "vitest";
import type { Merchant } from "@/api/schema";
import { money } from "@/ui/format";
import { body, consentOf, type Form, problemOf, sentence, split } from "./consent";

const shop = (consent: Partial<Merchant["consent"]> = {}): Merchant => ({
  id: "m1",
  name: "茶铺",
  consent: { up_to: { amount: 0, currency: "" }, ...consent },
});
const form = (f: Partial<Form> = {}): Form => ({
  ...consentOf(shop()),
  on: true,
  kinds: ["refund_only"],
  amount: "50",
  ...f,
});

test("a shop without a consent starts with it off", () => {
  expect(consentOf(shop())).toMatchObject({ on: false, amount: "", currency: "CNY" });
});

test("what is kept comes back as it was typed", () => {
  const kept = shop({ kinds: ["refund_only"], categories: ["水果", "海鲜"], up_to: { amount: 4550, currency: "CNY" } });
  const f = consentOf(kept);
  expect(f).toMatchObject({ on: true, amount: "45.5", categories: "水果, 海鲜" });
  expect(body(kept, f).consent).toEqual({
    kinds: ["refund_only"],
    categories: ["水果", "海鲜"],
    up_to: { amount: 4550, currency: "CNY" },
  });
});

test("a consent needs kinds and an amount; taking it back needs nothing", () => {
  expect(problemOf(form())).toBe("");
  expect(problemOf(form({ kinds: [] }))).toBe("kinds");
  for (const amount of ["", "0", "x", "1.234"]) expect(problemOf(form({ amount }))).toBe("amount");
  expect(problemOf(form({ on: false, kinds: [], amount: "" }))).toBe("");
  expect(body(shop(), form({ on: false })).consent).toEqual({});
});

test("categories are split at any comma and each kept once", () => {
  expect(split(" 水果，海鲜、水果; tea ,")).toEqual(["水果", "海鲜", "tea"]);
});

test("a consent is told in words", () => {
  const c = { kinds: ["refund_only"], reasons: ["expired"], up_to: { amount: 5000, currency: "CNY" } };
  expect(sentence(c, "zh", (m) => money(m, "zh"))).toBe("¥50.00 以内的仅退款申请直接处理，仅限过期变质。");
  expect(sentence(c, "en", (m) => money(m, "en"))).toContain("up to ¥50.00 for refund without return");
});
