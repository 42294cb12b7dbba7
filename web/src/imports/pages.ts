import { overseers } from "@/session/me";
import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "operator/import",
    frame: "staff",
    roles: overseers,
    tab: { zh: "导入", en: "Import", roles: ["operator"] },
    load: () => import("./page"),
  },
];
