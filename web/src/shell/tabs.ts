import type { Me } from "@/api/schema";
import { has } from "@/session/me";
import type { Page } from "@/session/page";
import type { Role } from "@/words/codes";
import type { Language } from "@/words/language";
import { pages } from "./pages";

export interface Tab {
  to: string;
  label: string;
  /** end: it is current on its own address alone, not on those below, which have tabs of their own */
  end: boolean;
}

const seen = (me: Me | null | undefined, { roles, tab }: Page): boolean => {
  if (!tab || (tab.signedIn && me?.kind !== "session")) return false;
  const needed: readonly Role[] | undefined = tab.roles ?? roles;
  return !needed || has(me, ...needed);
};

/** tabsOf lists what somebody's roles open, in the order of their work: the plain pages' tabs or the others'. */
export function tabsOf(me: Me | null | undefined, plain: boolean, language: Language): Tab[] {
  const shown = pages.filter((p) => (p.frame === "plain") === plain && seen(me, p));
  return shown.map((p) => ({
    to: `/${p.path}`,
    label: p.tab?.[language] ?? "",
    end: pages.some((other) => other.tab && other.path.startsWith(`${p.path}/`)),
  }));
}
