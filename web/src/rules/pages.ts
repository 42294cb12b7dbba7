import { overseers } from "@/session/me";
import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "operator/rules",
    frame: "staff",
    roles: overseers,
    tab: { zh: "规则", en: "Rules", roles: ["operator", "auditor"] },
    load: () => import("./versions"),
  },
  {
    path: "operator/rules/:id",
    frame: "library",
    roles: overseers,
    load: () => import("./version"),
  },
];
