import type { Alignment, Finding, Item, Sighting } from "@/api/schema";
import type { Box } from "./geometry";
import type { Mark } from "./place";
import type { Near } from "./scene";

/** NumberOf gives a finding of an item the number that it has in the list beside. */
export type NumberOf = (item: Item, finding: number) => string;

export interface Choice {
  reference: string;
  role: string;
  /** number is of another photo of the claim: its place among the evidence. */
  number?: number;
  matrix?: readonly number[] | null;
}

/** choicesOf lists the references one may compare with: those found to align first, then the order's other pictures. */
export function choicesOf(alignments: Alignment[], references: Item[]): Choice[] {
  const sorted = [...alignments].sort(
    (a, b) => Number(b.best) - Number(a.best) || Number(!!b.matrix) - Number(!!a.matrix),
  );
  const out: Choice[] = sorted.map((a) => ({ reference: a.reference, role: a.role, matrix: a.matrix }));
  for (const r of references)
    if (r.medium === "photo" && !out.some((c) => c.reference === r.id))
      out.push({ reference: r.id, role: r.purpose === "packing" ? "packing" : "listing" });
  return out;
}

/** isAngle is whether a finding compares a photo with another view of the goods. */
const isAngle = (f: Finding) => f.code.startsWith("angle.") && !!f.reference;

/** anglesOf lists the claim's other photos that this one's places were looked for in. */
export function anglesOf(item: Item | undefined, items: Item[]): Choice[] {
  const named = new Set((item?.screening?.findings ?? []).filter(isAngle).map((f) => f.reference));
  return items.flatMap((e, i) =>
    named.has(e.id) && e.id !== item?.id ? [{ reference: e.id, role: "angle", number: i + 1 }] : [],
  );
}

/** sightedOf adds to the other photos those that were asked about a place which a person marked. */
export function sightedOf(angles: Choice[], answers: Sighting[], items: Item[]): Choice[] {
  const more = answers.filter((s) => !angles.some((c) => c.reference === s.photo));
  return [
    ...angles,
    ...items.flatMap((e, i) =>
      more.some((s) => s.photo === e.id) ? [{ reference: e.id, role: "angle", number: i + 1 }] : [],
    ),
  ];
}

/** carriedTo lists where an item's places lie in another view, as far as the instrument could tell. */
export function carriedTo(item: Item | undefined, other: string | undefined, numberOf?: NumberOf): Mark[] {
  return (item?.screening?.findings ?? []).flatMap((f, i) => {
    const m = f.measured ?? {};
    const { there_x: x, there_y: y, there_width: width, there_height: height } = m;
    if (!item || !isAngle(f) || f.reference !== other) return [];
    if (x === undefined || y === undefined || !width || !height) return [];
    return [{ x, y, width, height, altered: false, number: numberOf?.(item, i) ?? String(i + 1) }];
  });
}

/** nearOf is where to begin beside another view: at all the places that were looked for in it, one marked by hand with them. */
export function nearOf(item: Item | undefined, other: string, carried: Mark[], marked?: Box): Near | undefined {
  const places = (item?.screening?.findings ?? [])
    .filter((f) => isAngle(f) && f.reference === other)
    .flatMap((f) => f.regions ?? []);
  const place = hull(marked ? [...places, marked] : places);
  return place && { place, there: hull(carried) };
}

function hull(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((b) => b.x + b.width)) - x,
    height: Math.max(...boxes.map((b) => b.y + b.height)) - y,
  };
}

/** joined draws a place once, however many findings are about it: its frame carries all their numbers. */
export function joined(marks: Mark[]): Mark[] {
  const out: Mark[] = [];
  const same = (a: number, b: number) => Math.abs(a - b) < 1e-4;
  for (const m of marks) {
    const at = out.findIndex(
      (o) => same(o.x, m.x) && same(o.y, m.y) && same(o.width, m.width) && same(o.height, m.height),
    );
    const old = out[at];
    if (!old) out.push(m);
    else if (!old.number.split("·").includes(m.number))
      out[at] = { ...old, altered: old.altered || m.altered, number: `${old.number}·${m.number}` };
  }
  return out;
}

/** worst is how an item looks at a glance: whether something strong speaks against it, or for it. */
export function worst(item: Item): "against" | "for" | undefined {
  const findings = item.screening?.findings ?? [];
  const strong = findings.filter((f) => f.strength === "conclusive" || f.strength === "strong");
  if (strong.some((f) => f.stance === "against")) return "against";
  if (strong.some((f) => f.stance === "for")) return "for";
  return undefined;
}

/** marksOf lists the places of an item's findings, of the kinds that are shown. */
export function marksOf(
  item: Item | undefined,
  layers: { altered: boolean; places: boolean },
  numberOf?: NumberOf,
): Mark[] {
  const out: Mark[] = [];
  item?.screening?.findings?.forEach((f, i) => {
    for (const r of f.regions ?? []) {
      const altered = r.kind === "altered";
      if (altered ? layers.altered : layers.places)
        out.push({
          x: r.x,
          y: r.y,
          width: r.width,
          height: r.height,
          altered,
          number: numberOf?.(item, i) ?? String(i + 1),
        });
    }
  });
  return joined(out);
}
