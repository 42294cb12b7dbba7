import { expect, test } from "vitest";
import { inOne, type Told, together } from "./stories";

const told = (who: Told["who"], title: string, at = "2026-11-25T02:00:00Z"): Told => ({ at, who, title, pictures: [] });

test("what the desk does several times in a row is one line; what people say never is", () => {
  const list = [
    told("desk", "examined", "1"),
    told("desk", "examined", "2"),
    told("desk", "asked"),
    told("buyer", "hello"),
    told("buyer", "hello"),
    told("desk", "examined"),
  ];
  const one = inOne(list);
  expect(one.map((t) => [t.who, t.title, t.times])).toEqual([
    ["desk", "examined", 2],
    ["desk", "asked", undefined],
    ["buyer", "hello", undefined],
    ["buyer", "hello", undefined],
    ["desk", "examined", undefined],
  ]);
  expect(one[0]?.at).toBe("2");
});

test("photos of one side within ten minutes stand together", () => {
  const at = (minute: number) => ({ received_at: new Date(minute * 60_000).toISOString() }) as never;
  expect(together([at(30), at(0), at(9), at(10)]).map((g) => g.length)).toEqual([2, 1, 1]);
});
