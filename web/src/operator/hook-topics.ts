/** topics are the events that a webhook can ask for, the one to act upon first, with what the record calls them. */
export function topics(kinds: Record<string, string>): [topic: string, name: string | undefined][] {
  const moves = Object.entries(kinds).filter(([k]) => k.startsWith("claim.") && k !== "claim.routed");
  return [["remedy.ordered", undefined], ...moves];
}
