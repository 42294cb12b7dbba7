import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, must } from "@/api/client";
import type { Item, Sighting } from "@/api/schema";
import { drawn, type Mark, type Place } from "./place";

/** othersOf lists the photos that an item's places can be looked for in: the same side's, with bytes of their own. */
export function othersOf(item: Item | undefined, items: Item[]): Item[] {
  if (item?.medium !== "photo") return [];
  return items.filter(
    (e) => e.id !== item.id && e.medium === "photo" && e.party === item.party && e.sha256 !== item.sha256,
  );
}

/** sightingsQuery asks the claim's other photos about a place. It costs the desk seconds, and never changes. */
export const sightingsQuery = (id: string, place: Place) => ({
  queryKey: ["sightings", id, place],
  queryFn: ({ signal }: { signal?: AbortSignal }) =>
    must<{ items: Sighting[] | null }>(
      api.GET("/v1/evidence/{id}/sightings", { params: { path: { id }, query: place }, signal }) as Promise<{
        data?: { items: Sighting[] | null };
      }>,
    ),
  staleTime: Number.POSITIVE_INFINITY,
});

const none: Sighting[] = [];

/** useMarking keeps the place that was marked on one item, and what the other photos say of it. */
export function useMarking(item: Item | undefined, items: Item[], may: boolean) {
  const [on, setOn] = useState(false);
  const [alone, setAlone] = useState(false);
  const [kept, setKept] = useState<{ id: string; place: Place }>();
  const others = may ? othersOf(item, items) : [];
  const place = kept?.id === item?.id ? kept?.place : undefined;
  const query = useQuery({
    ...sightingsQuery(item?.id ?? "", place ?? { x: 0, y: 0, width: 0, height: 0 }),
    enabled: !!item && !!place,
  });
  return {
    /** can is whether there is anything to ask. */
    can: others.length > 0,
    on: on && others.length > 0,
    /** alone is whether the marked photo is to be seen alone: while it is marked, and until something else is looked at. */
    alone: (on && others.length > 0) || (alone && !!place),
    others,
    place,
    query,
    answers: (place && query.data?.items) || none,
    begin: () => setOn(others.length > 0),
    end: () => setOn(false),
    /** leave is for whoever looks at something else. */
    leave: () => {
      setOn(false);
      setAlone(false);
    },
    take: (p: Place) => {
      if (item) setKept({ id: item.id, place: p });
      setAlone(true);
      setOn(false);
    },
    clear: () => setKept(undefined),
  };
}

export type Marking = ReturnType<typeof useMarking>;

/** seenIn is where the marked place lies in another photo, as far as that could be told. */
export function seenIn(answers: Sighting[], other: string | undefined): Mark[] {
  const m = answers.find((s) => s.photo === other)?.finding?.measured ?? {};
  const { there_x: x, there_y: y, there_width: width, there_height: height } = m;
  if (x === undefined || y === undefined || !width || !height) return [];
  return [drawn({ x, y, width, height })];
}
