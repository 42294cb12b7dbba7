import { useMatches } from "react-router";
import type { Me } from "@/api/schema";
import { has } from "@/session/me";
import type { Role } from "@/words/codes";

/** Handle is what a route says of its page to the frame around it. */
export interface Handle {
  roles?: readonly Role[];
}

/** may says whether somebody's roles open a page; the server checks every request anyway. */
export const may = (me: Me, { roles }: Handle): boolean => !roles || has(me, ...roles);

/** useMay is may of the page that is open. */
export function useMay(me: Me | null | undefined): boolean {
  const page = (useMatches().at(-1)?.handle ?? {}) as Handle;
  return !me || may(me, page);
}
