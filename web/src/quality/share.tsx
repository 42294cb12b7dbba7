import { useFormat } from "@/ui/format";
import { useWords, type Words } from "@/words/language";
import type { Interval } from "./wilson";

const words: Words<{ interval: (low: string, high: string) => string }> = {
  zh: { interval: (low, high) => `95% 置信区间 ${low} – ${high}` },
  en: { interval: (low, high) => `95% interval ${low} to ${high}` },
};

/** Share writes a share with its interval, and draws both on a line from 0 to 100 %. */
export function Share({ share, interval, warn }: { share: number; interval: Interval; warn?: boolean }) {
  const w = useWords(words);
  const f = useFormat();
  const [low, high] = [f.percent(interval.low), f.percent(interval.high)];
  return (
    <div className={`op-share ${warn ? "warn" : ""}`}>
      <span className="num">
        <strong>{f.percent(share)}</strong> <span className="faint nowrap">{`${low} – ${high}`}</span>
        <span className="sr">{w.interval(low, high)}</span>
      </span>
      <span className="op-line" aria-hidden="true">
        <span
          className="op-whisker"
          style={{ left: `${interval.low * 100}%`, width: `${Math.max(0.5, (interval.high - interval.low) * 100)}%` }}
        />
        <span className="op-dot" style={{ left: `${share * 100}%` }} />
      </span>
    </div>
  );
}
