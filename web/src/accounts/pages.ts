import { overseers } from "@/session/me";
import type { Page } from "@/session/page";

export const pages: Page[] = [
  {
    path: "operator/users",
    frame: "library",
    roles: overseers,
    tab: { zh: "账号", en: "Accounts", roles: ["operator"] },
    load: () => import("./users"),
  },
  {
    path: "operator/keys",
    frame: "library",
    roles: overseers,
    tab: { zh: "密钥", en: "Keys", roles: ["operator"] },
    load: () => import("./keys"),
  },
];
