import { type Affine, apply, type Box, invert, ofView, type Point, type Size, type View } from "./geometry";

/** Mark is a place on the claim picture, in fractions of it. */
export interface Mark {
  x: number;
  y: number;
  width: number;
  height: number;
  /** altered places are drawn solid, others dashed, so that they differ without colour. */
  altered: boolean;
  number: string;
}

/** Place is a rectangle on a picture, in fractions of it. */
export type Place = Box;

/** label is how a place that a person marked is called on both pictures; the instruments' own places have numbers. */
export const label = "A";

/** least is the shortest side of a place that the desk asks about, in fractions of the picture. */
export const least = 0.02;
/** still is how far a finger may tremble, in px of the screen, before it draws. */
const still = 6;
/** much is the share of what is seen that the keyboard marks, on each side. */
const much = 0.4;

const clamp = (v: number) => Math.min(1, Math.max(0, v));
const rounded = (v: number) => Math.round(v * 1e4) / 1e4;

/** between is the part of the picture between two corners on the stage; none for a mere tap, or beside the picture. */
export function between(view: View, picture: Size, a: Point, b: Point): Place | undefined {
  if (Math.abs(a.x - b.x) < still && Math.abs(a.y - b.y) < still) return undefined;
  const back = invert(ofView(view)) as Affine;
  const [p, q] = [apply(back, a), apply(back, b)];
  const x = span(p.x / picture.width, q.x / picture.width);
  const y = span(p.y / picture.height, q.y / picture.height);
  return x && y && { x: x[0], width: x[1], y: y[0], height: y[1] };
}

/** middleOf is the middle of that part of the picture which a pane shows; none where it shows nothing of it. */
export function middleOf(view: View, picture: Size, pane: Box): Place | undefined {
  const left = Math.max(pane.x, view.x);
  const top = Math.max(pane.y, view.y);
  const width = Math.min(pane.x + pane.width, view.x + picture.width * view.scale) - left;
  const height = Math.min(pane.y + pane.height, view.y + picture.height * view.scale) - top;
  if (width <= 0 || height <= 0) return undefined;
  const at = (share: number): Point => ({ x: left + width * share, y: top + height * share });
  return between(view, picture, at((1 - much) / 2), at((1 + much) / 2));
}

/** span is where two fractions begin and how long it is from one to the other, within the picture and not below the least. */
function span(a: number, b: number): [number, number] | undefined {
  const from = clamp(Math.min(a, b));
  const to = clamp(Math.max(a, b));
  if (to <= from) return undefined;
  const long = Math.max(least, rounded(to - from));
  const start = Math.min(1 - long, Math.max(0, (from + to - long) / 2));
  return [rounded(start), rounded(Math.min(long, 1 - rounded(start)))];
}

/** drawn is a marked place as the stage draws it. */
export const drawn = (place: Place): Mark => ({ ...place, altered: false, number: label });
