import { overseers } from "@/session/me";
import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "operator",
    frame: "staff",
    roles: overseers,
    tab: { zh: "概览", en: "Overview" },
    load: () => import("./overview"),
  },
];
