// Some things are done only by who has just shown who they are. The client asks
// for that here; whoever draws the console answers with a dialog.

type Answer = (shown: boolean) => void;

let waiting: Answer[] = [];
const listeners = new Set<() => void>();

function tell() {
  for (const l of listeners) l();
}

/** askAgain waits until somebody has shown again who they are; false where they would not, or nobody draws a dialog. */
export function askAgain(): Promise<boolean> {
  if (listeners.size === 0) return Promise.resolve(false);
  return new Promise((resolve) => {
    waiting = [...waiting, resolve];
    tell();
  });
}

/** answerAgain lets all who wait go on, or not. */
export function answerAgain(shown: boolean) {
  const all = waiting;
  waiting = [];
  for (const resolve of all) resolve(shown);
  tell();
}

export function onAgain(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const isAsked = () => waiting.length > 0;
