import { overseers } from "@/session/me";
import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "operator/webhooks",
    frame: "library",
    roles: overseers,
    tab: { zh: "推送", en: "Webhooks", roles: ["operator"] },
    load: () => import("./list"),
  },
  {
    path: "operator/webhooks/:id",
    frame: "library",
    roles: overseers,
    load: () => import("./one"),
  },
];
