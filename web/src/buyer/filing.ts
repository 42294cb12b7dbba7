import type { Case, Exhibit, FilingBody, Money, Order, Remains, Requirement } from "@/api/schema";
import { minor } from "@/ui/format";

export type Reason = FilingBody["reason"];
export type Kind = FilingBody["kind"];

/** Wish is what somebody asks for while it is being put together. */
export interface Wish {
  lines: string[];
  reason?: Reason;
  kind?: Kind;
  /** amount as it was typed, for a partial refund. */
  amount: string;
  story: string;
}

export type Step = "goods" | "reason" | "kind" | "evidence" | "words" | "check";

export const reasonOrder: Reason[] = [
  "damaged",
  "quality",
  "wrong_item",
  "missing",
  "not_as_described",
  "expired",
  "not_received",
  "counterfeit",
  "other",
];

/** kindsFor lists what makes sense to ask for, the most usual first. Nobody repairs what never came. */
export function kindsFor(reason: Reason): Kind[] {
  switch (reason) {
    case "not_received":
      return ["refund_only", "exchange"];
    case "missing":
      return ["partial_refund", "exchange", "refund_only", "return_refund"];
    case "expired":
      return ["refund_only", "partial_refund", "return_refund", "exchange"];
    case "counterfeit":
      return ["return_refund", "refund_only"];
    case "wrong_item":
      return ["exchange", "return_refund", "partial_refund", "refund_only"];
    default:
      return ["return_refund", "exchange", "partial_refund", "refund_only", "repair"];
  }
}

/** Ordered is an order with what remains of it for claims, where the desk has told. */
export type Ordered = Order & { left?: Remains };

/** worth is the most that can be asked for: what remains of what was paid for the goods. As the desk counts it. */
export function worth(order: Ordered, lines: string[]): Money {
  if (order.left) {
    const sum = (order.left.lines ?? [])
      .filter((l) => lines.length === 0 || lines.includes(l.line_id))
      .reduce((n, l) => n + l.amount.amount, 0);
    return { amount: Math.min(sum, order.left.amount.amount), currency: order.total.currency };
  }
  if (lines.length === 0) return order.total;
  const sum = (order.lines ?? [])
    .filter((l) => lines.includes(l.id))
    .reduce((n, l) => n + l.price.amount * l.quantity, 0);
  return { amount: Math.min(sum, order.total.amount), currency: order.total.currency };
}

/** askOf is the money asked for; undefined where what was typed is no amount that can be asked for. */
export function askOf(order: Ordered, w: Wish): Money | undefined {
  const most = worth(order, w.lines);
  if (w.kind !== "partial_refund") return most;
  const amount = minor(w.amount, most.currency);
  if (amount === undefined || amount <= 0 || amount >= most.amount) return undefined;
  return { amount, currency: most.currency };
}

/**
 * missingFrom lists the requirements that the buyer's evidence does not meet,
 * by the desk's own rule: one item meets one requirement, and the same bytes
 * sent twice are one item.
 */
export function missingFrom(need: Requirement[], have: Exhibit[]): Requirement[] {
  const used = have.map(() => false);
  return need.filter((r) => {
    const met = have.find(
      (e, n) => !used[n] && e.party === "buyer" && e.purpose === r.purpose && mediaOf(r).includes(e.medium),
    );
    if (!met) return true;
    have.forEach((e, n) => {
      if (e === met || (e.sha256 && e.sha256 === met.sha256)) used[n] = true;
    });
    return false;
  });
}

/** mediaOf lists what a requirement takes. */
export const mediaOf = (r: Requirement) => [r.medium, ...(r.or ?? [])];

/** stepsOf lists the steps of a filing: one article needs no choosing, and what never came cannot be photographed. */
export function stepsOf(order: Order, w: Wish, need: Requirement[] | undefined): Step[] {
  const steps: Step[] = [];
  if ((order.lines?.length ?? 0) > 1) steps.push("goods");
  steps.push("reason", "kind");
  if (need === undefined || need.length > 0 || w.reason !== "not_received") steps.push("evidence");
  return [...steps, "words", "check"];
}

export interface Lack {
  step: Step;
  /** requirement is the evidence that is missing, where it is evidence. */
  requirement?: Requirement;
}

/** lacks lists all that a filing still needs, in the order of the steps; empty: it can be sent. */
export function lacks(order: Ordered, w: Wish, need: Requirement[], have: Exhibit[]): Lack[] {
  const out: Lack[] = [];
  if ((order.lines?.length ?? 0) > 1 && w.lines.length === 0) out.push({ step: "goods" });
  if (!w.reason) out.push({ step: "reason" });
  if (!w.kind || !askOf(order, w)) out.push({ step: "kind" });
  for (const requirement of missingFrom(need, have)) out.push({ step: "evidence", requirement });
  return out;
}

/** begin is a wish as it stands in a draft, or an empty one. */
export function begin(order: Order, draft: Case | undefined): Wish {
  const c = draft?.claim;
  const all = (order.lines ?? []).map((l) => l.id);
  if (!c) return { lines: all.length === 1 ? all : [], amount: "", story: "" };
  return {
    lines: c.line_ids?.length ? c.line_ids : all,
    reason: c.reason as Reason,
    kind: c.kind as Kind,
    amount: c.kind === "partial_refund" ? plain(c.ask) : "",
    story: c.story ?? "",
  };
}

/** plain writes an amount as one would type it. */
export function plain(m: Money): string {
  const digits = minor("1", m.currency) === 100 ? 2 : minor("1", m.currency) === 1 ? 0 : 3;
  return (m.amount / 10 ** digits).toFixed(digits);
}

/** differs says whether the draft at the desk is behind what stands on the page. */
export function differs(order: Ordered, w: Wish, draft: Case | undefined): boolean {
  if (!draft) return true;
  const c = draft.claim;
  const ask = askOf(order, w);
  return (
    c.kind !== w.kind ||
    c.reason !== w.reason ||
    (c.story ?? "") !== w.story.trim() ||
    c.ask.amount !== ask?.amount ||
    [...(c.line_ids ?? [])].sort().join() !== [...w.lines].sort().join()
  );
}
