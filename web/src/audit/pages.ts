import { overseers } from "@/session/me";
import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "operator/audit",
    frame: "staff",
    roles: overseers,
    tab: { zh: "审计", en: "Audit", roles: ["operator", "auditor"] },
    load: () => import("./record"),
  },
];
