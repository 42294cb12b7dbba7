// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Item } from "@/api/schema";
import { calledAmong } from "./called";

test("pictures that show the same are told apart by a number; others, and written words, have none", () => {
  const items = [
    { id: "a", purpose: "whole", medium: "photo" },
    { id: "b", purpose: "other", medium: "photo" },
    { id: "w", purpose: "other", medium: "statement" },
    { id: "c", purpose: "other", medium: "photo" },
  ] as unknown as Item[];
  expect(items.map((it) => calledAmong(items, it, it.purpose))).toEqual(["whole", "other 1", "other", "other 2"]);
});
