import { expect, test } from "vitest";
import type { Case, Claim, Line } from "@/api/schema";
import { tell } from "./story";

const line = (kind: string, by = "buyer", n = 0): Line => ({
  at: `2026-11-01T00:00:0${n}Z`,
  by,
  kind: `claim.${kind}`,
  text: { zh: kind, en: kind },
});
const of = (claim: Partial<Claim>) => ({ claim }) as Case;

test("what happens to a draft is not told, and evidence is counted", () => {
  const told = tell(of({ story: "裂了" }), [
    line("opened"),
    line("evidence_added"),
    line("amended"),
    line("submitted"),
    line("evidence_added", "buyer", 1),
    line("screened", "machine", 2),
    line("evidence_added", "buyer", 3),
    line("screened", "machine", 4),
    line("merchant_asked", "machine", 5),
    line("evidence_added", "merchant", 6),
  ]);
  expect(told.map((t) => [t.kind, t.count])).toEqual([
    ["claim.evidence_added", 1],
    ["claim.merchant_asked", 1],
    ["claim.screened", 2],
    ["claim.evidence_added", 2],
    ["claim.submitted", 1],
  ]);
  expect(told.at(-1)?.words).toBe("裂了");
});

test("everybody's words stand where they were said", () => {
  const actor = { id: "x", role: "merchant" };
  const at = "2026-11-01T00:00:00Z";
  const told = tell(
    of({
      answers: [
        { kind: "offer", text: "half?", by: actor, at },
        { kind: "contest", text: "no", by: actor, at },
      ],
      asked: [
        { to: "merchant", text: { zh: "", en: "" }, at, answered_at: at, answer: "not the buyer's" },
        { to: "buyer", text: { zh: "", en: "" }, at, answered_at: at, answer: "here" },
      ],
      appeals: [{ by: actor, side: "buyer", text: "unfair", at }],
    }),
    [
      line("submitted"),
      line("offered", "machine"),
      line("offered", "merchant"),
      line("contested", "merchant"),
      line("supplemented"),
      line("appealed"),
    ],
  );
  const words = told.reverse().map((t) => t.words);
  // A machine's offer is nobody's words, and does not take the merchant's.
  expect(words).toEqual([undefined, undefined, "half?", "no", "here", "unfair"]);
});
