import { useEffect, useRef } from "react";
import { useWords } from "@/words/language";
import { markWords } from "./mark-words";
import type { Marking } from "./marking";

interface Props {
  marking: Marking;
  /** onBegin hears that a place is to be marked, so that the stage can take the keys. */
  onBegin: () => void;
}

/** MarkTool begins to mark a place, says how, and ends it: by a second press or Escape. */
export function MarkTool({ marking, onBegin }: Props) {
  const w = useWords(markWords);
  const button = useRef<HTMLButtonElement>(null);
  const { on, end } = marking;
  const begin = useRef(onBegin);
  begin.current = onBegin;
  useEffect(() => {
    if (!on) return;
    begin.current();
    const leave = (e: KeyboardEvent) => {
      if (e.key !== "Escape" || e.isComposing) return;
      end();
      button.current?.focus();
    };
    addEventListener("keydown", leave, true);
    return () => removeEventListener("keydown", leave, true);
  }, [on, end]);
  const touch = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;
  return (
    <div className="mark-tool">
      <button
        ref={button}
        type="button"
        className="viewer-tool mark"
        aria-pressed={on}
        onClick={on ? marking.end : marking.begin}
      >
        <i className="swatch dashed" aria-hidden="true" />
        {on ? w.stop : w.tool}
      </button>
      <span className="viewer-note" role="status">
        {on && (touch ? w.howTouch : w.how)}
      </span>
    </div>
  );
}
