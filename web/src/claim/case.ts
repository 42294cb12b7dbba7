import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, must } from "@/api/client";
import { lastOf } from "@/api/lists";
import { troubleOf } from "@/api/problem";
import type { Case, Claim, Clock, Explanation } from "@/api/schema";
import type { Side } from "@/words/codes";

/** loadCase asks the desk; pages use useCase. */
export const loadCase = (id: string) => must<Case>(api.GET("/v1/claims/{id}", { params: { path: { id } } }));

/** useCase loads a claim with its order and evidence, as far as the reader may see it. */
export const useCase = (id: string) =>
  useQuery({ queryKey: ["claim", id, "case"], queryFn: () => loadCase(id), enabled: id !== "" });

/** useStory loads what happened, told from the record. */
export const useStory = (id: string) =>
  useQuery({
    queryKey: ["claim", id, "story"],
    queryFn: () => must<Explanation>(api.GET("/v1/claims/{id}/explanation", { params: { path: { id } } })),
  });

/** At names a version of a claim, for the parameters of a change. */
export interface At {
  path: { id: string };
  header: { "If-Match": string };
}

const at = (c: Claim): At => ({ path: { id: c.id }, header: { "If-Match": `"${c.version}"` } });

/** standing is what a person decides upon; photos being examined raise the version without touching it. */
const standing = (c: Claim) => [c.state, c.round, c.offer?.at, c.asked?.length, c.ask.amount].join("/");

/**
 * useMove makes a change to the version that is shown. Where the version is
 * stale but nothing that matters to a person has changed, it is tried again on
 * the new one; otherwise the page shows what is new and the person looks again.
 */
export function useMove<T = void>(id: string, send: (at: At, what: T) => Promise<unknown>, done?: () => void) {
  const queries = useQueryClient();
  const key = ["claim", id, "case"];
  return useMutation({
    mutationFn: async (what: T) => {
      let seen = queries.getQueryData<Case>(key) ?? (await loadCase(id));
      for (let tries = 0; ; tries++) {
        try {
          return await send(at(seen.claim), what);
        } catch (error) {
          if (troubleOf(error).status !== 412 || tries >= 4) throw error;
          const now = await loadCase(id);
          queries.setQueryData(key, now);
          if (standing(now.claim) !== standing(seen.claim)) throw error;
          seen = now;
        }
      }
    },
    onSuccess: done,
    // On failure too: whatever stands at the server is what the page shows next.
    onSettled: async () => {
      for (const list of ["claims", "shop-inbox"]) void queries.invalidateQueries({ queryKey: [list] });
      await queries.invalidateQueries({ queryKey: ["claim", id] });
    },
  });
}

/** clockOf is the running clock that matters in the claim's state. */
export function clockOf(c: Claim): Clock | undefined {
  const kind: Record<string, string> = {
    awaiting_merchant: "merchant_answer",
    awaiting_buyer: "buyer_answer",
    awaiting_reply: "offer_reply",
    review: "review_due",
    visit: "visit_due",
    decided: "appeal",
  };
  return c.clocks?.find((k) => k.kind === kind[c.state]);
}

/** hasAll is whether a claim's standing decision gives a side all that it can ask for, so that an appeal could only lose. */
export function hasAll(c: Claim, side: Side): boolean {
  const d = lastOf(c.decisions);
  if (!d) return false;
  if (side === "merchant") return d.outcome === "refused" || d.outcome === "lapsed";
  if (c.remedy?.wanted) return false; // less was left than was decided
  if (d.outcome === "granted") return true;
  return d.outcome === "settled" && d.remedy.kind === c.kind && d.remedy.amount.amount >= c.ask.amount;
}
