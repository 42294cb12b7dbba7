// @vitest-environment jsdom
import { expect, test } from "vitest";
import { pauseOf } from "./live";

test("a desk that is full is asked now and then, one that is away is not taken for it", () => {
  for (const [status, retryAfter, want] of [
    [429, "30", 30_000],
    [429, null, 20_000],
    [503, "60", 60_000],
    [503, "2", undefined], // stops
    [503, null, undefined], // a proxy's
    [502, "60", undefined],
    [200, null, undefined],
    [401, null, undefined],
  ] as const)
    expect(pauseOf(status, retryAfter), `${status} ${retryAfter}`).toBe(want);
});
