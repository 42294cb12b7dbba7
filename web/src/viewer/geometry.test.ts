import { describe, expect, test } from "vitest";
import {
  type Affine,
  apply,
  around,
  boundsOf,
  compose,
  inPixels,
  invert,
  levelFor,
  ofView,
  tilesIn,
  wholly,
  zoom,
} from "./geometry";

const near = (a: readonly number[], b: readonly number[]) =>
  a.forEach((v, i) => {
    expect(v).toBeCloseTo(b[i] ?? Number.NaN, 9);
  });

describe("affine maps", () => {
  const turned: Affine = [0.2, 0.9, -0.8, 0.3, 40, -7];

  test("a map and its inverse cancel out; a flat one has none", () => {
    const back = invert(turned);
    expect(back).toBeDefined();
    near(compose(back as Affine, turned), [1, 0, 0, 1, 0, 0]);
    expect(invert([1, 2, 2, 4, 0, 0])).toBeUndefined();
  });

  test("compose applies the second first", () => {
    const p = { x: 3, y: -5 };
    const view = ofView({ scale: 2, x: 10, y: 20 });
    expect(apply(compose(view, turned), p)).toEqual(apply(view, apply(turned, p)));
  });

  test("an alignment in fractions lands where the claim picture has it, a mirrored crop too", () => {
    // The claim is the right half of the reference, mirrored: u = 1 comes to x = 0, u = 0.5 to x = 1.
    const m = inPixels([-2, 0, 0, 1, 2, 0], { width: 800, height: 600 }, { width: 1000, height: 1500 });
    expect(apply(m, { x: 800, y: 0 })).toEqual({ x: 0, y: 0 });
    expect(apply(m, { x: 400, y: 600 })).toEqual({ x: 1000, y: 1500 });
  });
});

describe("the view", () => {
  test("fit shows the whole picture in the middle", () => {
    const v = wholly({ width: 4000, height: 3000 }, { x: 100, y: 0, width: 824, height: 624 });
    expect(v.scale).toBeCloseTo(0.2);
    expect([v.x, v.y]).toEqual([112, 12]);
  });

  test("zooming keeps the point under the cursor, and stops at both ends", () => {
    const v = { scale: 0.5, x: -30, y: 12 };
    const at = { x: 200, y: 100 };
    const z = zoom(v, 1.7, at, 0.1);
    expect((at.x - z.x) / z.scale).toBeCloseTo((at.x - v.x) / v.scale);
    expect(zoom(v, 1e6, at, 0.1).scale).toBe(8);
    expect(zoom(v, 1e-6, at, 0.1).scale).toBe(0.1);
  });
});

describe("tiles", () => {
  const picture = { width: 8000, height: 6000 };

  test("the level is never coarser than the screen, nor finer than needed", () => {
    expect(levelFor(2, 5)).toBe(0);
    expect(levelFor(1, 5)).toBe(0);
    expect(levelFor(0.51, 5)).toBe(0);
    expect(levelFor(0.5, 5)).toBe(1);
    expect(levelFor(0.1, 5)).toBe(3);
    expect(levelFor(0.001, 5)).toBe(4);
  });

  test("only what is seen and one ring; edge tiles end with the picture", () => {
    const seen = tilesIn(picture, 512, 0, { x: 1024, y: 1024, width: 511, height: 511 });
    expect(seen.map((t) => `${t.x},${t.y}`)).toEqual(["1,1", "2,1", "3,1", "1,2", "2,2", "3,2", "1,3", "2,3", "3,3"]);
    const corner = tilesIn(picture, 512, 0, { x: 7900, y: 5900, width: 500, height: 500 }, 0);
    expect(corner).toEqual([{ level: 0, x: 15, y: 11, box: { x: 7680, y: 5632, width: 320, height: 368 } }]);
    expect(tilesIn(picture, 512, 0, { x: 9000, y: 0, width: 10, height: 10 })).toEqual([]);
  });

  test("whatever the view, a screen never asks for more than its own area in tiles and a ring", () => {
    for (let i = 0; i < 300; i++) {
      const scale = 2 ** ((i % 12) - 6);
      const view = ofView({ scale, x: -i * 37 * scale, y: -i * 23 * scale });
      const part = boundsOf(invert(view) as Affine, { x: 0, y: 0, width: 1440, height: 900 });
      const tiles = tilesIn(picture, 512, levelFor(scale, 5), part);
      expect(tiles.length).toBeLessThanOrEqual((Math.ceil((1440 * 2) / 512) + 3) * (Math.ceil((900 * 2) / 512) + 3));
    }
  });
});

test("around a place: it is in the middle, large, and never so that less than the whole picture would fill the box", () => {
  const picture = { width: 4000, height: 3000 };
  const box = { x: 10, y: 20, width: 400, height: 300 };
  const v = around({ x: 0.7, y: 0.2, width: 0.02, height: 0.04 }, picture, box);
  const middle = apply(ofView(v), { x: 0.71 * 4000, y: 0.22 * 3000 });
  near([middle.x, middle.y], [210, 170]);
  expect(v.scale).toBeCloseTo(8 * wholly(picture, box).scale, 9);
  expect(around({ x: 0, y: 0, width: 1, height: 1 }, picture, box).scale).toBeCloseTo(wholly(picture, box).scale, 9);
});
