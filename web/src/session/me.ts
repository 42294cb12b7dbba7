import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, rememberCSRF } from "@/api/client";
import { troubleOf } from "@/api/problem";
import type { Me } from "@/api/schema";
import type { Role } from "@/words/codes";

/** Nobody is a visitor who has not signed in. */
export const nobody = null;

declare global {
  /** What public/look.js has asked already, before this script was there; good for one answer. */
  var evenhandMe: Promise<Response> | undefined;
}

async function load(): Promise<Me | null> {
  const early = globalThis.evenhandMe;
  globalThis.evenhandMe = undefined;
  try {
    const { data } = await api.GET("/v1/me", early && { fetch: () => early });
    rememberCSRF(data?.csrf);
    return data ?? null;
  } catch (error) {
    const { status } = troubleOf(error);
    if (status === 401 || status === 403) {
      rememberCSRF(undefined);
      return nobody;
    }
    throw error;
  }
}

/** meQuery asks who looks; look.js has sent it already when the console starts. */
export const meQuery = queryOptions({ queryKey: ["me"], queryFn: load, staleTime: 60_000, retry: 1 });

/**
 * useMe says who looks: undefined while it is not known, null for a visitor. Its
 * error is that of not knowing: when asking again fails, the page that is open,
 * and what somebody typed there, stays.
 */
export function useMe() {
  const { data, error, isPending, refetch } = useQuery(meQuery);
  return { me: data, error: data === undefined ? error : null, isPending, refetch };
}

/** useBecome takes a Me that a sign-in answered, and forgets what was shown to whoever was here before. */
export function useBecome() {
  const queries = useQueryClient();
  return useCallback(
    (me: Me | null) => {
      rememberCSRF(me?.csrf);
      queries.removeQueries({ predicate: (q) => q.queryKey[0] !== "me" });
      queries.setQueryData(["me"], me);
    },
    [queries],
  );
}

// Roles that go together where a page or an act is open to several.
/** reviewers decide. */
export const reviewers: readonly Role[] = ["reviewer", "senior_reviewer"];
/** readers may read any case. */
export const readers: readonly Role[] = [...reviewers, "operator", "auditor"];
/** overseers look after the desk as a whole. */
export const overseers: readonly Role[] = ["operator", "auditor", "senior_reviewer"];

export const has = (me: Me | null | undefined, ...roles: readonly Role[]) =>
  !!roles.some((r) => me?.roles?.includes(r));

/** home is where somebody's work begins. */
export function home(me: Me | null | undefined): string {
  if (!me) return "/sign-in";
  if (me.pending || me.set_up?.length) return "/sign-in";
  if (me.claim_id) return `/claims/${me.claim_id}`;
  if (has(me, "reviewer", "senior_reviewer")) return "/review";
  if (has(me, "operator", "auditor")) return "/operator";
  if (has(me, "merchant")) return "/shop";
  return "/my";
}
