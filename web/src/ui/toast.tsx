import { useSyncExternalStore } from "react";

interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

let shown: Toast[] = [];
let last = 0;
const watchers = new Set<() => void>();
const change = (next: Toast[]) => {
  shown = next;
  for (const w of watchers) w();
};

/** toast says something for five seconds (or ms), with at most one thing to do about it. It answers how to take it away. */
export function toast(text: string, action?: Toast["action"], ms = 5000): () => void {
  last++;
  const id = last;
  change([...shown.slice(-2), { id, text, action }]);
  const away = () => change(shown.filter((t) => t.id !== id));
  setTimeout(away, ms);
  return away;
}

export function Toasts() {
  const list = useSyncExternalStore(
    (w) => {
      watchers.add(w);
      return () => watchers.delete(w);
    },
    () => shown,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((t) => (
        <div key={t.id} className="toast">
          <span>{t.text}</span>
          {t.action && (
            <button
              type="button"
              onClick={() => {
                t.action?.run();
                change(shown.filter((s) => s.id !== t.id));
              }}
            >
              {t.action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
