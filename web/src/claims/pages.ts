import { overseers } from "@/session/me";
import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "operator/claims",
    frame: "staff",
    roles: overseers,
    tab: { zh: "售后申请", en: "Claims", roles: ["operator", "auditor"] },
    load: () => import("./list"),
  },
];
