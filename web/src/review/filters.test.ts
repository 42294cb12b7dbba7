import { expect, test } from "vitest";
import { addressOf, filtersOf, queryOf } from "./filters";

test("filters go into the address and come back", () => {
  const f = { task: "decide", overdue: "true", stakes_min: "2", q: "c01" };
  expect(filtersOf(new URLSearchParams(addressOf(f)))).toEqual(f);
});

test("nonsense in an address is no filter", () => {
  expect(filtersOf(new URLSearchParams(`overdue=yes&evil=1&q=${"x".repeat(101)}&task=%20`))).toEqual({});
  expect(queryOf({ stakes_min: "7" }).stakes_min).toBeUndefined();
  expect(queryOf({ stakes_min: "0", mine: "true" })).toMatchObject({ stakes_min: 0, mine: true });
});
