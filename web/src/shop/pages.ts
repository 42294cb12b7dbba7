import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "shop",
    frame: "staff",
    roles: ["merchant"],
    tab: { zh: "待答复", en: "To answer" },
    load: () => import("./inbox"),
  },
  {
    path: "shop/claims/:id",
    frame: "staff",
    roles: ["merchant"],
    load: () => import("./claim"),
  },
  {
    path: "shop/figures",
    frame: "staff",
    roles: ["merchant"],
    tab: { zh: "胜负统计", en: "Won and lost" },
    load: () => import("./figures"),
  },
  {
    path: "shop/rules",
    frame: "staff",
    roles: ["merchant"],
    tab: { zh: "店铺规则", en: "Shop rules" },
    load: () => import("./rules"),
  },
];
