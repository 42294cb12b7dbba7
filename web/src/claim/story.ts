import type { Case, Line, Text } from "@/api/schema";

/** Told is one entry of the timeline: what happened, why, and in whose words. */
export interface Told {
  key: string;
  at: string;
  by: string;
  kind: string;
  text: Text;
  detail: Text[];
  /** words are what the party wrote itself. */
  words?: string;
  /** several entries of one kind told as one; 1 otherwise. */
  count: number;
}

// Several of these after one another say no more than their number.
const gathered = new Set(["claim.evidence_added", "claim.screened"]);
// A draft's own comings and goings are nobody's news.
const silent = new Set(["claim.opened", "claim.amended", "claim.evidence_withdrawn"]);

/**
 * tell makes the timeline from the record's lines, newest first, and puts the
 * parties' own words, which the record does not hold, where they were said.
 */
export function tell(c: Case, lines: Line[]): Told[] {
  const out: Told[] = [];
  const words = speaker(c);
  let filed = false;
  for (const l of lines) {
    const said = words(l);
    filed ||= l.kind === "claim.submitted";
    if (silent.has(l.kind) || (!filed && gathered.has(l.kind))) continue;
    const same = gathered.has(l.kind) ? recent(out, l) : undefined;
    if (same) {
      same.count++;
      same.at = l.at;
      continue;
    }
    out.push({
      key: `${l.at}/${l.kind}/${out.length}`,
      at: l.at,
      by: l.by,
      kind: l.kind,
      text: l.text,
      // A ruling's reason may be the very words of what happened.
      detail: (l.detail ?? []).filter((d) => d.en !== l.text.en && d.en !== said && d.zh !== said),
      words: said,
      count: 1,
    });
  }
  return out.reverse();
}

/** recent finds the entry that a line adds to: of its kind and by the same, with nothing but gathered ones since. */
function recent(out: Told[], l: Line): Told | undefined {
  for (let i = out.length - 1; i >= 0; i--) {
    const t = out[i];
    if (!t || !gathered.has(t.kind)) return undefined;
    if (t.kind === l.kind && t.by === l.by) return t;
  }
  return undefined;
}

/** speaker hands out what was said, in the order in which it was said. */
function speaker(c: Case): (l: Line) => string | undefined {
  const answers = [...(c.claim.answers ?? [])];
  const replies = (c.claim.asked ?? []).filter((q) => q.to === "buyer" && q.answered_at);
  const appeals = [...(c.claim.appeals ?? [])];
  const kinds: Record<string, string> = {
    "claim.contested": "contest",
    "claim.accepted": "accept",
    "claim.offered": "offer",
  };
  return ({ kind, by }) => {
    if (kind === "claim.submitted") return c.claim.story;
    if (kind === "claim.supplemented") return replies.shift()?.answer;
    if (kind === "claim.appealed") return appeals.shift()?.text;
    // A machine's offer has no answer of the merchant's behind it.
    return by === "merchant" && kinds[kind] && answers[0]?.kind === kinds[kind] ? answers.shift()?.text : undefined;
  };
}
