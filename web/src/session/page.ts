import type { ComponentType } from "react";
import type { Role } from "@/words/codes";
import type { First } from "./queries";

/** What a page's file holds: the page, and what it asks the desk for while it is still being made. */
export interface PageModule {
  default: ComponentType;
  first?: First;
}

/**
 * Frame is what stands around a page: "plain" for buyers and visitors, without the component library; "staff" with the
 * tabs of staff and merchants; "library" the same for pages that are made of the component library from the first sight on.
 */
export type Frame = "plain" | "staff" | "library";

/** TabName puts a page among the tabs. */
export interface TabName {
  zh: string;
  en: string;
  /** roles see the tab, where these are fewer than may open the page */
  roles?: readonly Role[];
  /** signedIn hides the tab from who came by a link, to one claim */
  signedIn?: true;
}

/**
 * Page is one address of the console. A subject lists its own in its pages.ts, shell/pages.ts all of them: router, tabs,
 * rights and build are made from these.
 */
export interface Page {
  path: string;
  frame: Frame;
  /** roles may open it; without them anybody may. The server checks every request anyway. */
  roles?: readonly Role[];
  tab?: TabName;
  load: () => Promise<PageModule>;
}
