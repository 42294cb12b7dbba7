import { expect, test } from "vitest";
import { caseKeys, keyWords, nameOf, queueKeys } from "./keys";

for (const [page, table] of Object.entries({ queueKeys, caseKeys })) {
  test(`${page}: no key does two things, and each is told of in both languages`, () => {
    const keys = table.flatMap((b) => b.keys);
    expect(keys.filter((k, i) => keys.indexOf(k) !== i)).toEqual([]);
    for (const { name } of table) expect([name, !!keyWords.zh[name], !!keyWords.en[name]]).toEqual([name, true, true]);
  });
}

test("keys are named as the tables write them", () => {
  const none = { ctrlKey: false, metaKey: false, altKey: false };
  expect(nameOf({ ...none, key: "J" })).toBe("j");
  expect(nameOf({ ...none, key: "Enter", metaKey: true })).toBe("Control+Enter");
  expect(nameOf({ ...none, key: "ArrowDown" })).toBe("ArrowDown");
});
