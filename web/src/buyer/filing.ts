import type { Case, Claim, Exhibit, Left, Money, Order, Remains, Requirement } from "@/api/schema";
import { minor } from "@/ui/format";
import type { Kind, Reason } from "@/words/codes";

/** Wish is what somebody asks for while it is being put together. */
export interface Wish {
  lines: string[];
  /** units says how many units of a chosen line it is about; of one that it does not name, all that are free. */
  units: Record<string, number>;
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

/** Ordered is an order with what remains of it for claims. */
export interface Ordered extends Order {
  left: Remains;
  /** claimed are the units of each line that other open claims are about. */
  claimed?: Record<string, number>;
  /** by is one of these claims, by the line. */
  by?: Record<string, string>;
}

/**
 * goodsOf are the units that an open claim is about, by the line, of those that are left;
 * one of an older version names lines alone, or nothing: the whole order.
 */
export function goodsOf(c: Pick<Claim, "units" | "line_ids">, left: Remains): Record<string, number> {
  const out: Record<string, number> = {};
  for (const l of left.lines ?? []) {
    const named = c.line_ids?.length ? c.line_ids.includes(l.line_id) : true;
    const n = c.units ? Math.min(c.units[l.line_id] ?? 0, l.units) : named ? l.units : 0;
    if (n > 0) out[l.line_id] = n;
  }
  return out;
}

/** ordered puts together what can still be claimed of an order: what remains, and what its other open claims are about. */
export function ordered(order: Order, left: Remains, others: Claim[]): Ordered {
  const claimed: Record<string, number> = {};
  const by: Record<string, string> = {};
  for (const c of others)
    for (const [line, n] of Object.entries(goodsOf(c, left))) {
      claimed[line] = (claimed[line] ?? 0) + n;
      by[line] = c.id;
    }
  return { ...order, left, claimed, by };
}

const leftOf = (order: Ordered, line: string): Left | undefined => order.left.lines?.find((l) => l.line_id === line);

/** freeOf is how many units of a line a claim can be about: those that are left, and that no other open claim has. */
export const freeOf = (order: Ordered, line: string): number =>
  Math.max(0, (leftOf(order, line)?.units ?? 0) - (order.claimed?.[line] ?? 0));

/** unitsOf is how many units of each chosen line are meant. */
export const unitsOf = (order: Ordered, w: Pick<Wish, "lines" | "units">): Record<string, number> =>
  Object.fromEntries(w.lines.map((id) => [id, w.units[id] ?? freeOf(order, id)]));

/** firstUnits is what the first n of a line's units are worth: its amount shared out, the odd cents to the first ones. */
const firstUnits = (paid: number, quantity: number, n: number): number =>
  Math.floor(paid / quantity) * n + Math.min(n, paid % quantity);

/** mostOf is the most that n units of a line can bring: what was paid for them, and for the last ones all that is left. */
function mostOf(l: Left, n: number): number {
  if (n >= l.units) return l.amount.amount;
  const used = l.quantity - l.units;
  const worth = firstUnits(l.paid.amount, l.quantity, used + n) - firstUnits(l.paid.amount, l.quantity, used);
  return Math.min(worth, l.amount.amount);
}

/** worth is the most that can be asked for: what remains of what was paid for the units. As the desk counts it. */
export function worth(order: Ordered, w: Pick<Wish, "lines" | "units">): Money {
  const units = unitsOf(order, w);
  const sum = (order.left.lines ?? [])
    .filter((l) => w.lines.includes(l.line_id))
    .reduce((n, l) => n + mostOf(l, units[l.line_id] ?? l.units), 0);
  return { amount: Math.min(sum, order.left.amount.amount), currency: order.total.currency };
}

/** askOf is the money asked for; undefined where what was typed is no amount that can be asked for. */
export function askOf(order: Ordered, w: Wish): Money | undefined {
  const most = worth(order, w);
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

/** choosing is whether there is something to choose of the goods: a single article of one unit needs no step. */
export const choosing = (order: Order): boolean =>
  (order.lines?.length ?? 0) > 1 || (order.lines ?? []).some((l) => l.quantity > 1);

/** stepsOf lists the steps of a filing: one article needs no choosing, and what never came cannot be photographed. */
export function stepsOf(order: Order, w: Wish, need: Requirement[] | undefined): Step[] {
  const steps: Step[] = [];
  if (choosing(order)) steps.push("goods");
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
  if (choosing(order) && w.lines.length === 0) out.push({ step: "goods" });
  if (!w.reason) out.push({ step: "reason" });
  if (!w.kind || !askOf(order, w)) out.push({ step: "kind" });
  for (const requirement of missingFrom(need, have)) out.push({ step: "evidence", requirement });
  return out;
}

/**
 * begin is a wish as it stands in a draft, or an empty one. Units that are no longer free since it was kept are left
 * out of it. Of several units one is proposed: whoever means more says so.
 */
export function begin(order: Ordered, draft: Case | undefined): Wish {
  const c = draft?.claim;
  const all = (order.lines ?? []).map((l) => l.id).filter((id) => freeOf(order, id) > 0);
  if (!c) {
    const lines = all.length === 1 && order.lines?.length === 1 ? all : [];
    return { lines, units: Object.fromEntries(lines.map((id) => [id, 1])), amount: "", story: "" };
  }
  const lines = c.line_ids?.length ? all.filter((id) => c.line_ids?.includes(id)) : all;
  const kept = (id: string) => Math.min(c.units?.[id] ?? freeOf(order, id), freeOf(order, id));
  return {
    lines,
    units: Object.fromEntries(lines.map((id) => [id, kept(id)])),
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
    list(goodsOf(c, order.left)) !== list(unitsOf(order, w))
  );
}

/** list writes units as one text, to be compared. */
const list = (units: Record<string, number>): string =>
  Object.entries(units)
    .map(([id, n]) => `${id} ${n}`)
    .sort()
    .join();
