import { type PointerEvent as ReactPointer, type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { useTheme } from "@/words/language";
import type { Point } from "./geometry";
import type { Mark, Place } from "./place";
import { type Mode, type Near, Scene } from "./scene";
import type { Source } from "./source";

/** StageHandle is what keys and buttons around the stage do with it. */
export interface StageHandle {
  fit(): void;
  actual(): void;
  zoom(factor: number): void;
  pan(dx: number, dy: number): void;
  split(at: number): void;
  blink(on: boolean): void;
  /** focus brings the keys to the stage. */
  focus(): void;
}

interface Props {
  handle: Ref<StageHandle>;
  claim?: Source;
  reference?: Source;
  /** matrix takes fractions of the reference to fractions of the claim picture; none where they do not align. */
  matrix?: readonly number[] | null;
  mode: Mode;
  marks: Mark[];
  /** carried are the places that were carried over to the reference, where it is another view. */
  carried: Mark[];
  /** near is the place to begin at; a new object goes there again. */
  near?: Near;
  /** onMark takes the place that a pointer draws, or Enter takes from the middle; without it pointers move the picture. */
  onMark?: (place: Place) => void;
  label: string;
  sliderLabel: string;
  /** onSplit hears of the slider being dragged, for the range input that mirrors it. */
  onSplit?: (at: number) => void;
  /** onPainted is called once when the first picture stands. */
  onPainted?: () => void;
}

/** Stage is the canvas with its mouse, touch and pen: drag moves, wheel and pinch zoom, a double click shows real pixels. */
export function Stage(p: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<Scene | undefined>(undefined);
  const range = useRef<HTMLInputElement>(null);

  useCanvas(canvas, scene);

  const { claim, reference, matrix, mode, marks, near, onPainted } = p;
  useEffect(() => {
    const s = scene.current;
    if (!s || s.near === near) return;
    s.near = near;
    s.home();
  }, [near]);
  useEffect(() => {
    const s = scene.current;
    if (!s) return;
    const fresh = s.claim !== claim || (!matrix && s.reference !== reference);
    s.claim = claim;
    s.reference = reference;
    for (const source of [claim, reference]) if (source) source.changed = () => s.draw();
    s.align(matrix);
    if (fresh) s.home();
    else s.draw();
    if (claim) requestAnimationFrame(() => requestAnimationFrame(() => onPainted?.()));
  }, [claim, reference, matrix, onPainted]);
  useEffect(() => {
    const s = scene.current;
    if (!s) return;
    const halves = (m: Mode) => m === "side";
    const refit = halves(s.mode) !== halves(mode);
    s.mode = mode;
    if (refit) s.home();
    else s.draw();
  }, [mode]);
  const { carried, onMark } = p;
  const marking = !!onMark;
  useEffect(() => {
    if (!scene.current) return;
    scene.current.marks = marks;
    scene.current.carried = carried;
    scene.current.draw();
  }, [marks, carried]);
  useEffect(() => {
    const s = scene.current;
    if (!s) return;
    s.aiming = marking && !!canvas.current?.matches(":focus-visible"); // who comes by keyboard marks by keyboard
    s.drawing = undefined;
    s.draw();
    if (canvas.current) canvas.current.style.cursor = marking ? "crosshair" : "";
  }, [marking]);

  const slide = (at: number) => {
    const s = scene.current;
    if (!s) return;
    s.split = Math.min(1, Math.max(0, at));
    if (range.current) range.current.value = String(Math.round(s.split * 1000));
    s.draw(true);
  };
  const middle = (): Point => {
    const b = scene.current?.panes().claim;
    return b ? { x: b.x + b.width / 2, y: b.y + b.height / 2 } : { x: 0, y: 0 };
  };
  useImperativeHandle(p.handle, () => ({
    fit: () => scene.current?.fit(),
    actual: () => scene.current?.actual(),
    zoom: (factor) => scene.current?.zoomAt(factor, middle()),
    pan: (dx, dy) => scene.current?.panBy(dx, dy),
    split: (at) => slide((scene.current?.split ?? 0.5) + at),
    blink: (on) => {
      const s = scene.current;
      if (!s || s.blinked === on) return;
      s.blinked = on;
      s.draw();
    },
    focus: () => {
      canvas.current?.focus({ preventScroll: true });
      canvas.current?.scrollIntoView?.({ block: "nearest" }); // below the page's head, see .stage canvas
    },
  }));

  const hands = useHands(scene, slide, onMark);
  const sliding = mode === "slider" && !!reference && !!matrix;
  return (
    <div className="stage">
      <canvas ref={canvas} role="img" aria-label={p.label} tabIndex={onMark ? 0 : -1} {...hands} />
      {sliding && (
        <input
          ref={range}
          className="stage-range"
          type="range"
          min={0}
          max={1000}
          defaultValue={500}
          aria-label={p.sliderLabel}
          onInput={(e) => slide(Number(e.currentTarget.value) / 1000)}
        />
      )}
    </div>
  );
}

/** useCanvas sets up the scene on its canvas: its size, the wheel, the colours of the theme. */
function useCanvas(canvas: React.RefObject<HTMLCanvasElement | null>, scene: React.RefObject<Scene | undefined>) {
  const theme = useTheme();
  useEffect(() => {
    const c = canvas.current;
    if (!c) return;
    const s = new Scene(c);
    scene.current = s;
    const resized = new ResizeObserver(() => {
      const box = c.getBoundingClientRect();
      s.box = { x: 0, y: 0, width: box.width, height: box.height };
      c.width = Math.round(box.width * devicePixelRatio);
      c.height = Math.round(box.height * devicePixelRatio);
      if (s.touched) s.draw();
      else s.home();
    });
    resized.observe(c);
    const wheel = (e: WheelEvent) => {
      e.preventDefault();
      const box = c.getBoundingClientRect();
      s.zoomAt(Math.exp(-e.deltaY * (e.ctrlKey ? 0.01 : 0.0015)), { x: e.clientX - box.x, y: e.clientY - box.y });
    };
    c.addEventListener("wheel", wheel, { passive: false });
    return () => {
      resized.disconnect();
      c.removeEventListener("wheel", wheel);
      s.stop();
      scene.current = undefined;
    };
  }, [canvas, scene]);

  useEffect(() => {
    const s = scene.current;
    if (!s) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    s.colours = {
      ground: colour("--sunken"),
      line: colour("--surface"),
      mark: theme === "dark" ? "#c94a30" : colour("--seal"),
    };
    s.draw();
  }, [scene, theme]);
}

/**
 * useHands turns pointers into moves: one on the slider's line slides, one elsewhere pans, two pinch. Where a place is to
 * be marked, one draws it.
 */
function useHands(
  scene: React.RefObject<Scene | undefined>,
  slide: (at: number) => void,
  onMark?: (place: Place) => void,
) {
  const down = useRef(new Map<number, Point>());
  const sliding = useRef(false);
  const where = (e: ReactPointer<HTMLCanvasElement>): Point => {
    const box = e.currentTarget.getBoundingClientRect();
    return { x: e.clientX - box.x, y: e.clientY - box.y };
  };
  return {
    onPointerDown: (e: ReactPointer<HTMLCanvasElement>) => {
      const s = scene.current;
      if (!s || (e.pointerType === "mouse" && e.button !== 0)) return;
      e.currentTarget.setPointerCapture(e.pointerId);
      const at = where(e);
      down.current.set(e.pointerId, at);
      if (onMark) {
        s.aiming = false;
        s.drawing = down.current.size === 1 ? { from: at, to: at } : undefined; // a second finger pinches
        s.draw();
        return;
      }
      const reach = e.pointerType === "mouse" ? 14 : 28;
      sliding.current =
        down.current.size === 1 &&
        s.mode === "slider" &&
        !!s.reference &&
        Math.abs(at.x - s.split * s.box.width) < reach;
    },
    onPointerMove: (e: ReactPointer<HTMLCanvasElement>) => {
      const s = scene.current;
      if (!s) return;
      const at = where(e);
      const before = down.current.get(e.pointerId);
      if (!before) {
        if (onMark) return;
        const near = s.mode === "slider" && s.reference && Math.abs(at.x - s.split * s.box.width) < 14;
        e.currentTarget.style.cursor = near ? "ew-resize" : "grab";
        return;
      }
      const other = [...down.current].find(([id]) => id !== e.pointerId)?.[1];
      down.current.set(e.pointerId, at);
      if (s.drawing) {
        s.drawing.to = at;
        s.draw();
      } else if (sliding.current) slide(at.x / s.box.width);
      else if (other) {
        const length = (p: Point) => Math.hypot(p.x - other.x, p.y - other.y) || 1;
        s.zoomAt(length(at) / length(before), { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
        s.panBy((at.x - before.x) / 2, (at.y - before.y) / 2, at);
      } else s.panBy(at.x - before.x, at.y - before.y, at);
    },
    onPointerUp: (e: ReactPointer<HTMLCanvasElement>) => {
      down.current.delete(e.pointerId);
      if (down.current.size === 0) sliding.current = false;
      const s = scene.current;
      if (!s?.drawing) return;
      const place = s.meant();
      s.drawing = undefined;
      s.draw();
      if (place) onMark?.(place);
    },
    onPointerCancel: (e: ReactPointer<HTMLCanvasElement>) => {
      down.current.delete(e.pointerId);
      if (!scene.current?.drawing) return;
      scene.current.drawing = undefined;
      scene.current.draw();
    },
    onFocus: (e: React.FocusEvent<HTMLCanvasElement>) => {
      const s = scene.current;
      if (!s || !onMark || !e.currentTarget.matches(":focus-visible")) return;
      s.aiming = true;
      s.draw();
    },
    onKeyDown: (e: React.KeyboardEvent<HTMLCanvasElement>) => {
      const place = onMark && e.key === "Enter" && scene.current?.middle();
      if (!place) return;
      e.preventDefault();
      onMark(place);
    },
    onDoubleClick: (e: React.MouseEvent<HTMLCanvasElement>) => {
      const s = scene.current;
      if (!s || onMark) return;
      const box = e.currentTarget.getBoundingClientRect();
      const one = 1 / devicePixelRatio;
      if (s.view.scale >= one * 0.95) s.fit();
      else s.zoomAt(one / s.view.scale, { x: e.clientX - box.x, y: e.clientY - box.y });
    },
  };
}
