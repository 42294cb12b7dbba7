/** Later is something that will be done unless it is taken back in time. */
export interface Later {
  /** undo takes it back; false where it was done already. */
  undo(): boolean;
  /** hurry does it now. */
  hurry(): void;
}

/** later does something after ms, in which it can be undone. Until then nothing has left the browser, and leaving the page is asked about. */
export function later(ms: number, run: () => void): Later {
  let over = false;
  const stay = (e: Event) => e.preventDefault();
  const end = () => {
    if (over) return false;
    over = true;
    clearTimeout(timer);
    removeEventListener("beforeunload", stay);
    return true;
  };
  const go = () => {
    if (end()) run();
  };
  const timer = setTimeout(go, ms);
  addEventListener("beforeunload", stay);
  return { undo: end, hurry: go };
}
