import { useCallback, useEffect, useRef } from "react";
import { queueKeys, useKeys } from "./keys";

interface Acts {
  move: (step: number) => void;
  open: () => void;
  select: () => void;
  next: () => void;
  search: () => void;
  help: () => void;
}

/** useQueueKeys does what the keys of the queue say (keys.ts): walk the rows, choose, open. */
export function useQueueKeys(acts: Acts) {
  // The keys are heard by one listener from first to last, whatever the page draws meanwhile.
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  const act = useCallback((name: string, _key: string, released: boolean): boolean | undefined => {
    if (released) return false;
    switch (name) {
      case "down":
        latest.current.move(1);
        return true;
      case "up":
        latest.current.move(-1);
        return true;
      case "open":
      case "select":
      case "next":
      case "search":
      case "help":
        latest.current[name]();
        return true;
      case "escape":
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        return false;
    }
    return undefined;
  }, []);
  useKeys(queueKeys, act);
}
