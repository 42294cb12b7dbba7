import type { operations } from "@/api/schema";

type Query = NonNullable<operations["claims"]["parameters"]["query"]>;

export interface Tab {
  name: "answer" | "going" | "decided" | "closed" | "all";
  states?: NonNullable<Query["state"]>;
  sort?: Query["sort"];
}

/** tabs are the ways a shop looks at its claims; where a window runs, the one that ends first comes first. */
export const tabs: [Tab, ...Tab[]] = [
  { name: "answer", states: ["awaiting_merchant"], sort: "due" },
  { name: "going", states: ["screening", "awaiting_buyer", "awaiting_reply", "review", "visit"] },
  { name: "decided", states: ["decided"], sort: "due" },
  { name: "closed", states: ["closed"] },
  { name: "all" },
];
