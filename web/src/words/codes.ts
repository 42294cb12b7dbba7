import type { AskInputBody, FilingBody, LeaseInputBody, operations, RulingBody } from "@/api/schema";

// The lists of values that the desk and the console share, each said once: by the server's description, from which the
// schema is generated. A table of words is a Record of one of these, so that a value without its words in both languages
// does not compile.

type ClaimsQuery = NonNullable<operations["claims"]["parameters"]["query"]>;

export type State = NonNullable<ClaimsQuery["state"]>[number];
export type Kind = FilingBody["kind"];
export type Reason = FilingBody["reason"];
export type Outcome = NonNullable<ClaimsQuery["outcome"]>;
/** RulingOutcome is an outcome that a person can decide. */
export type RulingOutcome = RulingBody["outcome"];
export type ClockKind = operations["extend-clock"]["parameters"]["path"]["kind"];
export type Task = NonNullable<LeaseInputBody["task"]>;
/** Side is one of the two who are heard. */
export type Side = AskInputBody["to"];
export type ImportKind = operations["put-import-columns"]["parameters"]["path"]["kind"];

/** Role is what somebody may be here. The description has it as text; this is the console's one list. */
export type Role = Side | "reviewer" | "senior_reviewer" | "operator" | "auditor";
