/** Interval is a share's 95 % confidence interval, 0 to 1. */
export interface Interval {
  low: number;
  high: number;
}

/** z of a two-sided 95 % interval */
const z = 1.959963984540054;

/**
 * wilson is the score interval of a share (E. B. Wilson, "Probable inference,
 * the law of succession, and statistical inference", 1927): honest also for the
 * few cases and shares near 0 that false alarms come in. Undefined of nothing.
 */
export function wilson(hits: number, of: number): Interval | undefined {
  if (!(of > 0) || hits < 0 || hits > of) return undefined;
  const p = hits / of;
  const zz = (z * z) / of;
  const middle = (p + zz / 2) / (1 + zz);
  const half = (z / (1 + zz)) * Math.sqrt((p * (1 - p)) / of + zz / (4 * of));
  // At the ends the formula gives 0 and 1 but for rounding.
  return { low: hits === 0 ? 0 : Math.max(0, middle - half), high: hits === of ? 1 : Math.min(1, middle + half) };
}

/** tolerable is the share of overturned findings above which somebody should look at a detector. */
const tolerable = 0.1;

/**
 * worrying is whether people overturned a detector too often to leave it as it
 * is: one case is too many for findings that stand alone; for the others the
 * whole interval must lie above a tenth.
 */
export function worrying(d: { strength: string; stance: string; overturned: number; upheld: number }): boolean {
  if (d.stance !== "against" || d.overturned === 0) return false;
  if (d.strength === "conclusive") return true;
  return (wilson(d.overturned, d.overturned + d.upheld)?.low ?? 0) > tolerable;
}
