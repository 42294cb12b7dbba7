import { overseers } from "@/session/me";
import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "operator/people",
    frame: "staff",
    roles: overseers,
    tab: { zh: "审核员", en: "Reviewers" },
    load: () => import("./reviewers"),
  },
  {
    path: "operator/detectors",
    frame: "staff",
    roles: overseers,
    tab: { zh: "误报监测", en: "False alarms" },
    load: () => import("./detectors"),
  },
];
