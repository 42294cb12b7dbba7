import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "sign-in",
    frame: "plain",
    load: () => import("./sign-in"),
  },
  {
    path: "forgot",
    frame: "plain",
    load: () => import("./forgot"),
  },
  {
    path: "password",
    frame: "plain",
    load: () => import("./new-password"),
  },
  {
    path: "account",
    frame: "staff",
    load: () => import("./settings"),
  },
];
