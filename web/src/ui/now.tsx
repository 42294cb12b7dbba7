import { useSyncExternalStore } from "react";
import { useLanguage, useWords, type Words } from "@/words/language";
import { moment, span } from "./format";
import { Tag } from "./kit";

// One timer for the whole page, however many countdowns it shows.
let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(w: () => void) {
  watchers.add(w);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of watchers) tell();
  }, 15_000);
  return () => {
    watchers.delete(w);
    if (watchers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** useNow is the time, new every 15 seconds. */
export const useNow = () => useSyncExternalStore(subscribe, () => now);

const words: Words<{ left: string; over: string }> = {
  zh: { left: "剩", over: "已超" },
  en: { left: "left", over: "over" },
};

/** leftText is "剩 3 小时" or "3 h left"; after due "已超 20 分钟", "20 min over". */
export function leftText(due: string, at: number, l: "zh" | "en"): string {
  const ms = new Date(due).getTime() - at;
  const w = words[l];
  const word = ms >= 0 ? w.left : w.over;
  return l === "zh" ? `${word} ${span(ms, l)}` : `${span(ms, l)} ${word}`;
}

/** Countdown shows how long is left until due: red when over, amber in the last two hours. */
export function Countdown({ due }: { due: string }) {
  const at = useNow();
  const l = useLanguage();
  useWords(words);
  const ms = new Date(due).getTime() - at;
  const tone = ms < 0 ? "seal" : ms < 2 * 3_600_000 ? "amber" : "plain";
  return (
    <Tag tone={tone} title={moment(due, l, true)}>
      <time dateTime={due} className="num">
        {leftText(due, at, l)}
      </time>
    </Tag>
  );
}
