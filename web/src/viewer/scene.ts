import {
  type Affine,
  apply,
  around,
  type Box,
  boundsOf,
  compose,
  corners,
  inPixels,
  invert,
  levelFor,
  magnification,
  ofView,
  type Point,
  pan,
  tilesIn,
  type View,
  wholly,
  zoom,
} from "./geometry";
import { between, drawn, type Mark, middleOf, type Place } from "./place";
import type { Source } from "./source";

export type Mode = "slider" | "side" | "blink" | "difference" | "single";

/** Near is a place to begin at, in fractions of the claim picture and of another view. */
export interface Near {
  place: Box;
  there?: Box;
}

/** Scene is what the stage shows. It is changed by hand and drawn at most once a frame; React knows nothing of it. */
export class Scene {
  claim?: Source;
  reference?: Source;
  /** matrix takes the reference's px to the claim's; undefined where they do not align. */
  matrix?: Affine;
  mode: Mode = "slider";
  /** split is where the slider stands, 0 to 1 of the stage's width. */
  split = 0.5;
  /** blinked shows the reference in the claim's place, while a key is held. */
  blinked = false;
  marks: Mark[] = [];
  /** carried are places on the reference, where it is another view: drawn side by side. */
  carried: Mark[] = [];
  /** drawing is the place that is being marked by hand: from where the pointer went down to where it is. */
  drawing?: { from: Point; to: Point };
  /** aiming shows what the keyboard would mark. */
  aiming = false;
  view: View = { scale: 1, x: 0, y: 0 };
  /** own is the reference's view where nothing aligns. */
  own: View = { scale: 1, x: 0, y: 0 };
  box: Box = { x: 0, y: 0, width: 1, height: 1 };
  colours = { ground: "#eee", line: "#fff", mark: "#b3361f" };
  /** near is what one came to look at: a place of the claim picture, and where it lies in another view. */
  near?: Near;
  /** touched is whether somebody has moved or zoomed since it was fitted. */
  touched = false;
  private frame = 0;
  private moving = 0;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** panes are the two halves in side-by-side, the whole stage otherwise. */
  panes(): { claim: Box; reference: Box } {
    if (this.mode !== "side" || !this.reference) return { claim: this.box, reference: this.box };
    const half = Math.floor(this.box.width / 2);
    return {
      reference: { ...this.box, width: half - 1 },
      claim: { ...this.box, x: half + 1, width: this.box.width - half - 1 },
    };
  }

  align(fractions: readonly number[] | null | undefined) {
    this.matrix =
      fractions && fractions.length === 6 && this.reference && this.claim
        ? inPixels(fractions, this.reference.size, this.claim.size)
        : undefined;
  }

  /** fit shows all of both pictures. */
  fit() {
    this.near = undefined;
    this.home();
  }

  /** home is where one begins: at the place one came for, or with all of both pictures. */
  home() {
    this.touched = false;
    const { claim, reference } = this.panes();
    const { near } = this;
    if (this.claim) this.view = near ? around(near.place, this.claim.size, claim) : wholly(this.claim.size, claim);
    if (this.reference)
      this.own = near?.there
        ? around(near.there, this.reference.size, reference)
        : wholly(this.reference.size, reference);
    this.draw();
  }

  /** actual shows one picture px as one px of the screen, around the middle of what is seen. */
  actual() {
    const { claim } = this.panes();
    const one = 1 / devicePixelRatio;
    this.zoomAt(one / this.view.scale, { x: claim.x + claim.width / 2, y: claim.y + claim.height / 2 });
  }

  zoomAt(factor: number, at: Point) {
    this.touched = true;
    const least = this.claim ? wholly(this.claim.size, this.panes().claim).scale / 4 : 0.01;
    const { claim, reference } = this.panes();
    // In side-by-side the two halves move as one: a point of the left half is the same point of the right.
    const inLeft = this.mode === "side" && this.reference && at.x < claim.x;
    const p = inLeft && this.matrix ? { x: at.x + claim.x - reference.x, y: at.y } : at;
    if (inLeft && !this.matrix) this.own = zoom(this.own, factor, p, least / 8);
    else this.view = zoom(this.view, factor, p, least);
    this.draw(true);
  }

  panBy(dx: number, dy: number, from?: Point) {
    this.touched = true;
    const free = this.mode === "side" && !this.matrix && from && from.x < this.panes().claim.x;
    if (free) this.own = pan(this.own, dx, dy);
    else this.view = pan(this.view, dx, dy);
    this.draw(true);
  }

  /** meant is the place that is being marked, by hand or by keyboard. */
  meant(): Place | undefined {
    if (!this.claim) return undefined;
    if (this.drawing) return between(this.view, this.claim.size, this.drawing.from, this.drawing.to);
    return this.aiming ? this.middle() : undefined;
  }

  /** middle is the middle of what is seen of the claim picture. */
  middle(): Place | undefined {
    return this.claim && middleOf(this.view, this.claim.size, this.panes().claim);
  }

  /** draw asks for a frame; moving ones are drawn quickly, and finely once it rests. */
  draw(moving = false) {
    if (moving) this.moving = performance.now();
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
      if (performance.now() - this.moving < 150) setTimeout(() => this.draw(), 160);
    });
  }

  stop() {
    cancelAnimationFrame(this.frame);
  }

  private paint() {
    const ctx = this.canvas.getContext("2d", { alpha: false });
    if (!ctx) return;
    const dpr = devicePixelRatio;
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    ctx.fillStyle = this.colours.ground;
    ctx.fillRect(0, 0, this.box.width, this.box.height);
    ctx.imageSmoothingEnabled = this.view.scale * dpr < 3; // from there on one wants to see the pixels
    ctx.imageSmoothingQuality = performance.now() - this.moving < 150 ? "low" : "high";
    const { claim, reference } = this.panes();
    const onClaim = ofView(this.view);
    const onReference = this.referenceView(reference, claim);
    const both = this.claim && onReference && this.reference;
    if (!both || this.mode === "single") this.layer(ctx, this.claim, onClaim, claim);
    else if (this.mode === "side") {
      this.layer(ctx, this.reference, onReference, reference);
      this.layer(ctx, this.claim, onClaim, claim);
      ctx.fillStyle = this.colours.line;
      ctx.fillRect(reference.x + reference.width, 0, 2, this.box.height);
    } else if (this.mode === "blink" || this.blinked)
      this.layer(ctx, this.blinked ? this.reference : this.claim, this.blinked ? onReference : onClaim, claim);
    else if (this.mode === "difference") this.difference(ctx, onClaim, onReference);
    else this.slider(ctx, onClaim, onReference);
    const from = this.mode === "slider" && this.reference && this.matrix ? this.split * this.box.width : claim.x;
    if (this.claim && onClaim && !(this.blinked && both))
      this.outline(ctx, this.claim, onClaim, { ...claim, x: from, width: claim.x + claim.width - from }, this.marks);
    const meant = this.meant();
    if (this.claim && meant) this.outline(ctx, this.claim, onClaim, claim, [drawn(meant)]);
    if (both && this.mode === "side") this.outline(ctx, both, onReference, reference, this.carried);
  }

  /** referenceView is how the reference lies on the stage: aligned with the claim, or by itself. */
  private referenceView(reference: Box, claim: Box): Affine | undefined {
    if (!this.reference) return undefined;
    if (!this.matrix) return ofView(this.own);
    const shifted = this.mode === "side" ? pan(this.view, reference.x - claim.x, 0) : this.view;
    return compose(ofView(shifted), this.matrix);
  }

  private slider(ctx: CanvasRenderingContext2D, onClaim: Affine, onReference: Affine) {
    const at = Math.round(this.split * this.box.width);
    this.layer(ctx, this.reference, onReference, { ...this.box, width: at });
    this.layer(ctx, this.claim, onClaim, { ...this.box, x: at, width: this.box.width - at });
    ctx.fillStyle = this.colours.line;
    ctx.fillRect(at - 1, 0, 2, this.box.height);
  }

  /** difference is black where the two are equal. Where either has nothing, nothing is compared. */
  private difference(ctx: CanvasRenderingContext2D, onClaim: Affine, onReference: Affine) {
    if (!this.claim || !this.reference) return;
    const { width, height } = this.box;
    ctx.fillStyle = "#000";
    ctx.fillRect(0, 0, width, height);
    this.layer(ctx, this.claim, onClaim, this.box);
    ctx.globalCompositeOperation = "difference";
    this.layer(ctx, this.reference, onReference, this.box);
    ctx.globalCompositeOperation = "source-over";
    ctx.fillStyle = this.colours.ground;
    for (const [size, m] of [
      [this.claim.size, onClaim],
      [this.reference.size, onReference],
    ] as const) {
      ctx.beginPath();
      ctx.rect(0, 0, width, height);
      corners(size).forEach((p, n) => {
        const at = apply(m, p);
        if (n === 0) ctx.moveTo(at.x, at.y);
        else ctx.lineTo(at.x, at.y);
      });
      ctx.closePath();
      ctx.fill("evenodd");
    }
  }

  private layer(ctx: CanvasRenderingContext2D, source: Source | undefined, m: Affine | undefined, clip: Box) {
    if (!source || source.gone || !m || clip.width <= 0) return;
    const back = invert(m);
    if (!back) return;
    const dpr = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(clip.x, clip.y, clip.width, clip.height);
    ctx.clip();
    ctx.transform(...m);
    ctx.drawImage(source.preview, 0, 0, source.info.width, source.info.height);
    const fine = magnification(m) * dpr;
    if (!source.enough(fine)) {
      const part = boundsOf(back, clip);
      for (const t of tilesIn(source.size, source.info.tile, levelFor(fine, source.info.levels), part)) {
        const image = source.tile(t);
        if (image) ctx.drawImage(image, t.box.x, t.box.y, t.box.width, t.box.height);
      }
    }
    ctx.restore();
  }

  /** outline draws marked places on a picture that lies on the stage by m, numbered as in the list of findings. */
  private outline(ctx: CanvasRenderingContext2D, on: Source, m: Affine, clip: Box, marks: Mark[]) {
    if (marks.length === 0) return;
    const { width, height } = on.info;
    ctx.save();
    ctx.beginPath();
    ctx.rect(clip.x, clip.y, clip.width, clip.height);
    ctx.clip();
    ctx.font = "600 12px sans-serif";
    for (const mark of marks) {
      const at = apply(m, { x: mark.x * width, y: mark.y * height });
      const to = apply(m, { x: (mark.x + mark.width) * width, y: (mark.y + mark.height) * height });
      const x = Math.min(at.x, to.x);
      const y = Math.min(at.y, to.y);
      for (const [colour, line] of [
        ["rgb(255 255 255 / 85%)", 4],
        [this.colours.mark, 2],
      ] as const) {
        ctx.strokeStyle = colour;
        ctx.lineWidth = line;
        ctx.setLineDash(mark.altered ? [] : [6, 4]);
        ctx.strokeRect(x, y, Math.abs(to.x - at.x), Math.abs(to.y - at.y));
      }
      ctx.fillStyle = this.colours.mark;
      const wide = ctx.measureText(mark.number).width + 10;
      ctx.fillRect(x - 1, y - 18, wide, 18);
      ctx.fillStyle = "#fff";
      ctx.fillText(mark.number, x + 4, y - 5);
    }
    ctx.restore();
  }
}
