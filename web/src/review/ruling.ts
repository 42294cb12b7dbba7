import type { Case, RulingBody } from "@/api/schema";
import { minor } from "@/ui/format";
import type { RulingOutcome } from "@/words/codes";

/** Draft is a ruling as it is being written. */
export interface Draft {
  outcome?: RulingOutcome;
  kind?: string;
  amount: string;
  codes: string[];
  text: string;
  note: string;
  findings: { evidence: string; code: string }[];
}

export const emptyDraft: Draft = { amount: "", codes: [], text: "", note: "", findings: [] };

export type Missing = "outcome" | "codes" | "text" | "amount";

/** paysNothing are remedies without a refund. */
export const paysNothing = (kind: string | undefined) => kind === "exchange" || kind === "repair";

/** missingIn lists what a ruling still needs, before the desk is asked. */
export function missingIn(d: Draft, ask: { amount: number; currency: string }): Missing[] {
  const out: Missing[] = [];
  if (!d.outcome) out.push("outcome");
  if (d.codes.length === 0) out.push("codes");
  if (d.outcome === "refused" && d.text.trim() === "") out.push("text");
  if (d.outcome === "partly" && !paysNothing(d.kind)) {
    const amount = minor(d.amount, ask.currency);
    if (amount === undefined || amount <= 0 || amount > ask.amount) out.push("amount");
  }
  return out;
}

/** rulingOf is what the desk is asked: a grant is exactly what was asked for, a refusal carries no remedy. */
export function rulingOf(d: Draft, claim: Case["claim"]): RulingBody {
  const remedy =
    d.outcome === "granted"
      ? { kind: claim.kind, amount: claim.ask }
      : d.outcome === "partly"
        ? {
            kind: d.kind ?? "partial_refund",
            amount: {
              amount: paysNothing(d.kind) ? 0 : (minor(d.amount, claim.ask.currency) ?? 0),
              currency: claim.ask.currency,
            },
          }
        : undefined;
  return {
    outcome: d.outcome ?? "refused",
    remedy: remedy as RulingBody["remedy"],
    reasons: d.codes,
    text: d.text.trim() || undefined,
    note: d.note.trim() || undefined,
    findings: d.findings,
  };
}

/** needsSecond is whether a second person has to confirm: from the amount the terms name; in a currency they do not name, always. */
export function needsSecond(claim: Case["claim"], d: Draft): boolean {
  const limits = claim.terms?.four_eyes as Record<string, number> | undefined;
  if (d.outcome === undefined || !limits) return false;
  return claim.ask.amount >= (limits[claim.ask.currency] ?? 0);
}
