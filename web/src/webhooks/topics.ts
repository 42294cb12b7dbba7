import { events } from "@/words/events";

const remedy = "remedy.ordered";

/** topics are the events that a webhook can ask for, the one to act upon first; it alone is no event of the record. */
export const topics: readonly string[] = [
  remedy,
  ...Object.keys(events).filter((k) => k.startsWith("claim.") && k !== "claim.routed"),
];
