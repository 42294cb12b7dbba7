import { Dialog } from "@/ui/kit";
import { useWords } from "@/words/language";
import { type Binding, keyWords } from "./keys";
import { reviewWords } from "./words";

const shown: Record<string, string> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  " ": "Space",
  "Control+Enter": "Ctrl Enter",
};

/** KeyHelp lists every key of a page, from the table that binds them. */
export function KeyHelp({ table, open, onClose }: { table: Binding[]; open: boolean; onClose: () => void }) {
  const w = useWords(reviewWords);
  const names = useWords(keyWords);
  if (!open) return null;
  const rows = table.filter((b, i) => table.findIndex((o) => o.name === b.name) === i);
  return (
    <Dialog title={w.keys} onClose={onClose}>
      <dl className="keys">
        {rows.map((b) => (
          <div key={b.name}>
            <dt>
              {b.name === "item" ? (
                <>
                  <kbd>1</kbd>–<kbd>9</kbd>
                </>
              ) : (
                b.keys.map((k) => <kbd key={k}>{shown[k] ?? k}</kbd>)
              )}
            </dt>
            <dd>{names[b.name]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
