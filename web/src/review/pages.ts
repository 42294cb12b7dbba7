import { readers, reviewers } from "@/session/me";
import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "review",
    frame: "staff",
    roles: readers,
    tab: { zh: "审核队列", en: "Queue", roles: reviewers },
    load: () => import("./queue"),
  },
  {
    path: "review/:id",
    frame: "staff",
    roles: readers,
    load: () => import("./case"),
  },
];
