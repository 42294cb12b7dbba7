import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { at } from "./client";
import type { LiveEvent } from "./schema";

type Status = "live" | "away";
let status: Status = "live";
const watchers = new Set<() => void>();
const say = (s: Status) => {
  if (s === status) return;
  status = s;
  for (const w of watchers) w();
};

/** useLiveStatus is "away" while the stream is broken and being taken up again. */
export const useLiveStatus = () =>
  useSyncExternalStore(
    (w) => {
      watchers.add(w);
      return () => watchers.delete(w);
    },
    () => status,
  );

/**
 * pauseOf is how long to ask for what is new now and then, in milliseconds,
 * where the desk has no room for one more stream; undefined where it is away,
 * or has. A desk that only stops or lost its database says to come back within
 * seconds; one that is full says half a minute or more.
 */
export function pauseOf(status: number, retryAfter: string | null): number | undefined {
  const seconds = Number(retryAfter ?? 0);
  if (status === 429 || (status === 503 && seconds >= 20)) return Math.max(seconds, 20) * 1000;
  return undefined;
}

/** refusedFor asks whether there is room; EventSource does not tell why it failed. */
async function refusedFor(): Promise<number | undefined> {
  try {
    const answer = await fetch(at("/v1/live"), { method: "HEAD", credentials: "same-origin" });
    return pauseOf(answer.status, answer.headers.get("Retry-After"));
  } catch {
    return undefined;
  }
}

/**
 * useLive listens to the desk and has what is shown loaded anew when a claim
 * has changed: keys ["claim", id, …] for that claim, and the lists. The browser
 * sends Last-Event-ID when it comes back, so that nothing is missed.
 */
export function useLive(enabled: boolean, onEvent?: (e: LiveEvent) => void) {
  const queries = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let missed = false;
    let over = false;
    let lists: ReturnType<typeof setTimeout> | undefined;
    // Lists are loaded at most every two seconds, however much happens.
    const reload = () => {
      lists ??= setTimeout(() => {
        lists = undefined;
        for (const key of ["claims", "queue", "queue-summary", "shop-inbox", "shop-figures"])
          void queries.invalidateQueries({ queryKey: [key] });
      }, 2000);
    };
    const take = (message: MessageEvent<string>) => {
      let event: LiveEvent;
      try {
        event = JSON.parse(message.data);
      } catch {
        return;
      }
      if (event.kind === "reset") {
        void queries.invalidateQueries();
        return;
      }
      if (event.claim_id) void queries.invalidateQueries({ queryKey: ["claim", event.claim_id] });
      reload();
      onEvent?.(event);
    };
    const open = () => {
      const now = new EventSource(at("/v1/live"), { withCredentials: true });
      source = now;
      now.onopen = () => {
        say("live");
        // A new stream knows no last event: what is shown may be old.
        if (missed) void queries.invalidateQueries();
        missed = false;
      };
      now.onerror = () => {
        // The browser tries again by itself, but not where something was answered: by a proxy
        // for a desk that was away, or by a desk that has no room for one more stream.
        if (now.readyState !== EventSource.CLOSED) return say("away");
        missed = true;
        void refusedFor().then((pause) => {
          if (over) return;
          if (pause !== undefined) {
            reload(); // nothing is broken: what is new is asked for instead
            void queries.invalidateQueries({ queryKey: ["claim"] });
          }
          say(pause === undefined ? "away" : "live");
          again = setTimeout(open, (pause ?? 5000) * (0.9 + 0.2 * Math.random()));
        });
      };
      now.onmessage = take;
      now.addEventListener("reset", () => void queries.invalidateQueries());
    };
    open();
    return () => {
      over = true;
      clearTimeout(lists);
      clearTimeout(again);
      source?.close();
      say("live"); // nobody waits for it any more
    };
  }, [enabled, queries, onEvent]);
}
