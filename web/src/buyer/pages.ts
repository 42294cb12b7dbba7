import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "my",
    frame: "plain",
    roles: ["buyer"],
    tab: { zh: "我的售后", en: "My claims", signedIn: true },
    load: () => import("./home"),
  },
  {
    path: "my/file/:orderId",
    frame: "plain",
    roles: ["buyer"],
    load: () => import("./file"),
  },
  {
    path: "claims/:id",
    frame: "plain",
    load: () => import("./claim"),
  },
];
