import { useEffect, useState } from "react";
import { asProblem, type Trouble } from "@/api/problem";
import { currentLanguage, useWords } from "@/words/language";
import { claimWords } from "./words";

/** Why is what the desk says of a file that did not come: its problem, or that it is there and the browser cannot show it. */
export type Why = Trouble | "shown_nowhere";

/** whyMissing asks for the first byte of a file again; it throws where nobody answers. */
export async function whyMissing(address: string, signal?: AbortSignal): Promise<{ why: Why; after: number }> {
  const headers = { Accept: "application/json", Range: "bytes=0-0", "Accept-Language": currentLanguage() };
  const answer = await fetch(address, { headers, signal, credentials: "same-origin" });
  if (answer.ok) {
    void answer.body?.cancel();
    return { why: "shown_nowhere", after: 0 };
  }
  const later = answer.status === 503 || answer.status === 429 || answer.status === 202;
  const after = later ? Math.min(Math.max(Number(answer.headers.get("Retry-After")) || 5, 2), 60) : 0;
  return { why: await asProblem(answer), after };
}

interface MissingProps {
  /** address is where the picture or film should have been. */
  address: string;
  /** again draws it once more. */
  again: () => void;
}

/** Missing stands where a photo or film did not come, says plainly why, and tries again where that helps. */
export function Missing({ address, again }: MissingProps) {
  const w = useWords(claimWords);
  const [said, setSaid] = useState<{ why: Why | "away"; after: number }>();
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    whyMissing(address, stop.signal)
      .catch(() => ({ why: "away" as const, after: 5 }))
      .then((s) => {
        if (stop.signal.aborted) return;
        setSaid(s);
        if (s.after > 0) timer = setTimeout(again, s.after * 1000);
      });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [address, again]);
  const text = () => {
    if (!said) return w.copyAsked;
    if (said.why === "away") return w.copyAway;
    if (said.why === "shown_nowhere") return w.cannotShow;
    if (said.after > 0) return w.copyLater;
    return said.why.detail || said.why.title || w.copyAway;
  };
  return (
    <div className="large-none" role="status">
      <p>{text()}</p>
      {said && said.after > 0 && (
        <button type="button" className="btn" onClick={again}>
          {w.retry}
        </button>
      )}
    </div>
  );
}
