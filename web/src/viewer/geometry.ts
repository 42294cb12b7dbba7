// The viewer's geometry. Everything is an affine map in the order of CSS and
// canvas: x' = a·x + c·y + e, y' = b·x + d·y + f.

export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Point, Size {}

/** View says how the claim picture lies on the stage: stage px = scale · picture px + offset. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export const apply = (m: Affine, p: Point): Point => ({
  x: m[0] * p.x + m[2] * p.y + m[4],
  y: m[1] * p.x + m[3] * p.y + m[5],
});

/** compose is first after second: apply(compose(g, f), p) = apply(g, apply(f, p)). */
export function compose(g: Affine, f: Affine): Affine {
  return [
    g[0] * f[0] + g[2] * f[1],
    g[1] * f[0] + g[3] * f[1],
    g[0] * f[2] + g[2] * f[3],
    g[1] * f[2] + g[3] * f[3],
    g[0] * f[4] + g[2] * f[5] + g[4],
    g[1] * f[4] + g[3] * f[5] + g[5],
  ];
}

/** invert answers undefined for a map that flattens the plane. */
export function invert(m: Affine): Affine | undefined {
  const det = m[0] * m[3] - m[1] * m[2];
  if (!Number.isFinite(det) || Math.abs(det) < 1e-12) return undefined;
  const [a, b, c, d] = [m[3] / det, -m[1] / det, -m[2] / det, m[0] / det];
  return [a, b, c, d, -(a * m[4] + c * m[5]), -(b * m[4] + d * m[5])];
}

/** magnification is how long a picture pixel becomes, on average over directions. */
export const magnification = (m: Affine) => Math.sqrt(Math.abs(m[0] * m[3] - m[1] * m[2]));

export const ofView = (v: View): Affine => [v.scale, 0, 0, v.scale, v.x, v.y];

/** inPixels turns an alignment in fractions of both pictures into one of pixels: reference px to claim px. */
export function inPixels(fractions: readonly number[], reference: Size, claim: Size): Affine {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = fractions;
  return [
    (a * claim.width) / reference.width,
    (b * claim.height) / reference.width,
    (c * claim.width) / reference.height,
    (d * claim.height) / reference.height,
    e * claim.width,
    f * claim.height,
  ];
}

/** wholly shows a picture whole and centred in a box, with some px of air. */
export function wholly(picture: Size, box: Box, air = 12): View {
  const scale = Math.min((box.width - 2 * air) / picture.width, (box.height - 2 * air) / picture.height);
  const s = scale > 0 && Number.isFinite(scale) ? scale : 1;
  return {
    scale: s,
    x: box.x + (box.width - picture.width * s) / 2,
    y: box.y + (box.height - picture.height * s) / 2,
  };
}

/** around shows a place of a picture, in fractions of it, large in the middle of a box, with what surrounds it. */
export function around(place: Box, picture: Size, box: Box, share = 0.4): View {
  const whole = wholly(picture, box).scale;
  const width = Math.max(place.width * picture.width, 1);
  const height = Math.max(place.height * picture.height, 1);
  const scale = Math.max(whole, Math.min((share * box.width) / width, (share * box.height) / height, 8 * whole));
  return {
    scale,
    x: box.x + box.width / 2 - (place.x + place.width / 2) * picture.width * scale,
    y: box.y + box.height / 2 - (place.y + place.height / 2) * picture.height * scale,
  };
}

/** zoom changes the scale by a factor with the point at staying where it is; 1/64 of fit to 8 screen px a pixel. */
export function zoom(v: View, factor: number, at: Point, least: number, most = 8): View {
  const scale = Math.min(most, Math.max(least, v.scale * factor));
  const k = scale / v.scale;
  return { scale, x: at.x - (at.x - v.x) * k, y: at.y - (at.y - v.y) * k };
}

export const pan = (v: View, dx: number, dy: number): View => ({ ...v, x: v.x + dx, y: v.y + dy });

/** levelFor is the coarsest level of a pyramid that is still as fine as the screen: level 0 is full size. */
export function levelFor(devicePxPerPicturePx: number, levels: number): number {
  if (levels <= 1 || devicePxPerPicturePx >= 1) return 0;
  return Math.max(0, Math.min(levels - 1, Math.floor(Math.log2(1 / devicePxPerPicturePx))));
}

export interface Tile {
  level: number;
  x: number;
  y: number;
  /** where it lies in picture px of full size. */
  box: Box;
}

/** tilesIn lists the tiles of a level that a part of the picture (px of full size) touches, and one ring around them. */
export function tilesIn(picture: Size, tile: number, level: number, part: Box, ring = 1): Tile[] {
  const side = tile * 2 ** level;
  const columns = Math.ceil(picture.width / side);
  const rows = Math.ceil(picture.height / side);
  const from = { x: Math.max(0, Math.floor(part.x / side) - ring), y: Math.max(0, Math.floor(part.y / side) - ring) };
  const to = {
    x: Math.min(columns - 1, Math.floor((part.x + part.width) / side) + ring),
    y: Math.min(rows - 1, Math.floor((part.y + part.height) / side) + ring),
  };
  if (part.x > picture.width || part.y > picture.height || part.x + part.width < 0 || part.y + part.height < 0)
    return [];
  const out: Tile[] = [];
  for (let y = from.y; y <= to.y; y++)
    for (let x = from.x; x <= to.x; x++)
      out.push({
        level,
        x,
        y,
        box: {
          x: x * side,
          y: y * side,
          width: Math.min(side, picture.width - x * side),
          height: Math.min(side, picture.height - y * side),
        },
      });
  return out;
}

/** corners are a picture's own, in turn. */
export const corners = ({ width, height }: Size): Point[] => [
  { x: 0, y: 0 },
  { x: width, y: 0 },
  { x: width, y: height },
  { x: 0, y: height },
];

/** boundsOf is the box around a box's corners after a map. */
export function boundsOf(m: Affine, b: Box): Box {
  const corners = [
    apply(m, b),
    apply(m, { x: b.x + b.width, y: b.y }),
    apply(m, { x: b.x, y: b.y + b.height }),
    apply(m, { x: b.x + b.width, y: b.y + b.height }),
  ];
  const xs = corners.map((p) => p.x);
  const ys = corners.map((p) => p.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
