import { type Dispatch, type RefObject, type SetStateAction, useCallback } from "react";
import type { ViewerHandle } from "@/viewer/viewer";
import { caseKeys, useKeys } from "./keys";
import type { Draft } from "./ruling";

/** looks are the keys that move the pictures. */
const looks: Record<string, (v: ViewerHandle, key: string) => void> = {
  item: (v, key) => v.item(Number(key) - 1),
  referenceBack: (v) => v.reference(-1),
  referenceOn: (v) => v.reference(1),
  slider: (v) => v.mode("slider"),
  side: (v) => v.mode("side"),
  difference: (v) => v.mode("difference"),
  splitLeft: (v) => v.split(-0.04),
  splitRight: (v) => v.split(0.04),
  actual: (v) => v.actual(),
  fit: (v) => v.fit(),
  bigger: (v) => v.zoom(1.3),
  smaller: (v) => v.zoom(1 / 1.3),
  left: (v) => v.pan(60, 0),
  right: (v) => v.pan(-60, 0),
  layers: (v) => v.layers(),
  mark: (v) => v.mark(),
  full: (v) => v.full(),
};

interface Acts {
  viewer: RefObject<ViewerHandle | null>;
  /** mine: one holds the case to decide it; without that the keys of a ruling do nothing */
  mine: boolean;
  change: (draft: Partial<Draft>) => void;
  send: RefObject<(() => void) | undefined>;
  next: () => void;
  toQueue: () => void;
  setHelp: Dispatch<SetStateAction<boolean>>;
}

const focus = (id: string) => document.getElementById(id)?.focus();

/** useCaseKeys does what the keys of a case say (keys.ts): look, decide, go on. */
export function useCaseKeys({ viewer, mine, change, send, next, toQueue, setHelp }: Acts) {
  const act = useCallback(
    (name: string, key: string, released: boolean): boolean | undefined => {
      if (name === "blink") {
        viewer.current?.blink(!released);
        return true;
      }
      if (released) return false;
      if (viewer.current) looks[name]?.(viewer.current, key);
      const moves: Record<string, () => void> = {
        granted: () => mine && change({ outcome: "granted", codes: [] }),
        partly: () => mine && change({ outcome: "partly", kind: "partial_refund", codes: [] }),
        refused: () => mine && change({ outcome: "refused", codes: [] }),
        codes: () => focus("ruling-codes"),
        text: () => focus("ruling-text"),
        note: () => focus("ruling-note"),
        send: () => mine && send.current?.(),
        next,
        queue: toQueue,
        help: () => setHelp((h) => !h),
        escape: () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
      };
      moves[name]?.();
      return name !== "escape";
    },
    [viewer, mine, change, send, next, toQueue, setHelp],
  );
  useKeys(caseKeys, act);
}
