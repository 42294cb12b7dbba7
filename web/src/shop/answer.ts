import type { Claim, Money, OfferInputBody } from "@/api/schema";
import { minor } from "@/ui/format";

export type OfferKind = OfferInputBody["remedy"]["kind"];
export type AnswerKind = "accept" | "offer" | "contest";

/** offerKinds is what a shop may put forward instead; the whole money back without a return is to agree. */
export const offerKinds: OfferKind[] = ["partial_refund", "return_refund", "exchange", "repair"];

/** Draft is an answer while it is written. It lives as long as the page, whatever goes wrong on the way. */
export interface Draft {
  kind?: AnswerKind;
  text: string;
  offer: OfferKind;
  amount: string;
}

const drafts = new Map<string, Draft>();

/** draftOf is what was written about a claim before, or an empty answer. */
export const draftOf = (c: Claim): Draft =>
  drafts.get(c.id) ?? { text: "", offer: c.kind === "partial_refund" ? "return_refund" : "partial_refund", amount: "" };
export const keepDraft = (id: string, d: Draft) => drafts.set(id, d);
export const dropDraft = (id: string) => drafts.delete(id);

/** needsAmount: goods sent anew or mended cost no money back. */
export const needsAmount = (kind: OfferKind) => kind !== "exchange" && kind !== "repair";

/**
 * offerOf reads an offer: undefined where the amount is none that can be
 * offered. It is above nothing, never above what was asked for, and a partial
 * refund is below it.
 */
export function offerOf(d: Draft, ask: Money): { kind: OfferKind; amount: Money } | undefined {
  if (!needsAmount(d.offer)) return { kind: d.offer, amount: { amount: 0, currency: ask.currency } };
  const amount = d.offer === "return_refund" && d.amount.trim() === "" ? ask.amount : minor(d.amount, ask.currency);
  if (amount === undefined || amount <= 0 || amount > ask.amount) return undefined;
  if (d.offer === "partial_refund" && amount === ask.amount) return undefined;
  return { kind: d.offer, amount: { amount, currency: ask.currency } };
}

/** canAccept: a shop may agree for as long as nobody has ruled. */
export const canAccept = (c: Claim) =>
  ["awaiting_merchant", "awaiting_buyer", "awaiting_reply", "review", "visit"].includes(c.state);
