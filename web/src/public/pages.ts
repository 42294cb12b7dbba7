import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "progress",
    frame: "plain",
    tab: { zh: "查进度", en: "Progress" },
    load: () => import("./progress"),
  },
  {
    path: "check",
    frame: "plain",
    tab: { zh: "验证证据包", en: "Check a dossier" },
    load: () => import("./check"),
  },
];
