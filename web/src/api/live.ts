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
        say("away");
        // The browser tries again by itself, but not where a proxy answered for a desk that was away.
        if (now.readyState !== EventSource.CLOSED) return;
        missed = true;
        again = setTimeout(open, 5000);
      };
      now.onmessage = take;
      now.addEventListener("reset", () => void queries.invalidateQueries());
    };
    open();
    return () => {
      clearTimeout(lists);
      clearTimeout(again);
      source?.close();
      say("live"); // nobody waits for it any more
    };
  }, [enabled, queries, onEvent]);
}
