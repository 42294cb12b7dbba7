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
    const source = new EventSource(at("/v1/live"), { withCredentials: true });
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
    source.onopen = () => say("live");
    source.onerror = () => say("away");
    source.onmessage = take;
    source.addEventListener("reset", () => void queries.invalidateQueries());
    return () => {
      clearTimeout(lists);
      source.close();
    };
  }, [enabled, queries, onEvent]);
}
