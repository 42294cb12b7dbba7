// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { later } from "./later";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("it is done once its time has run, and cannot be undone after", () => {
  const run = vi.fn();
  const l = later(8000, run);
  vi.advanceTimersByTime(7999);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(1);
  expect(l.undo()).toBe(false);
  l.hurry();
  expect(run).toHaveBeenCalledTimes(1);
});

test("undone in time it is never done, and the page may be left again", () => {
  const run = vi.fn();
  const l = later(8000, run);
  const held = new Event("beforeunload", { cancelable: true });
  dispatchEvent(held);
  expect(held.defaultPrevented).toBe(true);
  expect(l.undo()).toBe(true);
  const free = new Event("beforeunload", { cancelable: true });
  dispatchEvent(free);
  expect(free.defaultPrevented).toBe(false);
  vi.advanceTimersByTime(20_000);
  expect(run).not.toHaveBeenCalled();
});
