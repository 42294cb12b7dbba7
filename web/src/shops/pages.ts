import { overseers } from "@/session/me";
import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "operator/shops",
    frame: "staff",
    roles: overseers,
    tab: { zh: "店铺", en: "Shops", roles: ["operator", "auditor"] },
    load: () => import("./list"),
  },
];
