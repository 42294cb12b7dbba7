/** Line is one line of a comparison: kept, or gone from the old text, or new. */
export interface Line {
  kind: "same" | "gone" | "new";
  text: string;
  /** before and after count lines from 1 in the text they belong to. */
  before?: number;
  after?: number;
}

/** Hunk is a run of lines around changes; skipped is how many kept lines stand before it unshown. */
export interface Hunk {
  skipped: number;
  lines: Line[];
}

// Beyond this many cells the middle is shown as replaced whole: a diff of two
// texts that share next to nothing helps nobody, and would stop the page.
const maxCells = 4_000_000;

/** diffLines compares two texts by their longest common subsequence of lines. */
export function diffLines(old: string, next: string): Line[] {
  const a = old.split("\n");
  const b = next.split("\n");
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const out: Line[] = [];
  const same = (i: number, j: number) => out.push({ kind: "same", text: a[i] ?? "", before: i + 1, after: j + 1 });
  for (let i = 0; i < start; i++) same(i, i);
  middle(a.slice(start, a.length - end), b.slice(start, b.length - end), start, out);
  for (let k = end; k > 0; k--) same(a.length - k, b.length - k);
  return out;
}

function middle(a: string[], b: string[], at: number, out: Line[]) {
  const gone = (i: number) => out.push({ kind: "gone", text: a[i] ?? "", before: at + i + 1 });
  const fresh = (j: number) => out.push({ kind: "new", text: b[j] ?? "", after: at + j + 1 });
  let i = 0;
  let j = 0;
  if (a.length * b.length <= maxCells) {
    const width = b.length + 1;
    const common = commonLengths(a, b);
    while (i < a.length && j < b.length) {
      if (a[i] === b[j]) {
        out.push({ kind: "same", text: a[i] ?? "", before: at + i + 1, after: at + j + 1 });
        i++;
        j++;
      } else if ((common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0)) gone(i++);
      else fresh(j++);
    }
  }
  while (i < a.length) gone(i++);
  while (j < b.length) fresh(j++);
}

/** commonLengths holds at [i, j] the longest common subsequence of what follows there. */
function commonLengths(a: string[], b: string[]): Uint32Array {
  const width = b.length + 1;
  const t = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      t[i * width + j] =
        a[i] === b[j]
          ? (t[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(t[(i + 1) * width + j] ?? 0, t[i * width + j + 1] ?? 0);
  return t;
}

/** group keeps what changed with some lines around it, and joins changes that stand close. */
export function group(lines: readonly Line[], around = 3): Hunk[] {
  const near = new Uint8Array(lines.length);
  lines.forEach((l, i) => {
    if (l.kind !== "same") near.fill(1, Math.max(0, i - around), Math.min(lines.length, i + around + 1));
  });
  const hunks: Hunk[] = [];
  let skipped = 0;
  lines.forEach((l, i) => {
    if (!near[i]) skipped++;
    else if (i > 0 && near[i - 1]) hunks[hunks.length - 1]?.lines.push(l);
    else {
      hunks.push({ skipped, lines: [l] });
      skipped = 0;
    }
  });
  return hunks;
}

/** countOf says how many lines are new and gone. */
export const countOf = (lines: readonly Line[], kind: Line["kind"]) => lines.filter((l) => l.kind === kind).length;
