import { createBrowserRouter, type RouteObject } from "react-router";
import { base } from "@/api/client";
import { CrashPage, NotFoundPage } from "./places";
import { Plain } from "./plain";
import { type First, queries } from "./queries";
import { Start } from "./start";

interface Page {
  default: React.ComponentType;
  first?: First;
}

// A page is loaded when it is opened: a buyer never loads the staff's library. What it shows first is asked for at once.
// vite.config.ts reads the lists of routes below as text: each of a line, as they are.
const page = (load: () => Promise<Page>) => async () => {
  const { default: Component, first } = await load();
  if (!first) return { Component };
  const loader = ({ request }: { request: Request }) => {
    first(queries, new URL(request.url));
    return null;
  };
  // Another case is another page; other filters are not.
  const shouldRevalidate = ({ currentUrl, nextUrl }: { currentUrl: URL; nextUrl: URL }) =>
    currentUrl.pathname !== nextUrl.pathname;
  return { Component, loader, shouldRevalidate };
};

const plain: RouteObject[] = [
  { index: true, Component: Start },
  { path: "sign-in", lazy: page(() => import("@/account/sign-in")) },
  { path: "forgot", lazy: page(() => import("@/account/forgot")) },
  { path: "password", lazy: page(() => import("@/account/new-password")) },
  { path: "my", lazy: page(() => import("@/buyer/home")) },
  { path: "my/file/:orderId", lazy: page(() => import("@/buyer/file")) },
  { path: "claims/:id", lazy: page(() => import("@/buyer/claim")) },
  { path: "progress", lazy: page(() => import("@/public/progress")) },
  { path: "check", lazy: page(() => import("@/public/check")) },
];

const staff: RouteObject[] = [
  { path: "review", lazy: page(() => import("@/review/queue")) },
  { path: "review/:id", lazy: page(() => import("@/review/case")) },
  { path: "shop", lazy: page(() => import("@/shop/inbox")) },
  { path: "shop/claims/:id", lazy: page(() => import("@/shop/claim")) },
  { path: "shop/figures", lazy: page(() => import("@/shop/figures")) },
  { path: "shop/rules", lazy: page(() => import("@/shop/rules")) },
  { path: "operator", lazy: page(() => import("@/operator/overview")) },
  { path: "operator/claims", lazy: page(() => import("@/operator/claims")) },
  { path: "operator/rules", lazy: page(() => import("@/operator/rules")) },
  { path: "operator/people", lazy: page(() => import("@/operator/people")) },
  { path: "operator/detectors", lazy: page(() => import("@/operator/detectors")) },
  { path: "operator/shops", lazy: page(() => import("@/operator/shops")) },
  { path: "operator/import", lazy: page(() => import("@/operator/import")) },
  { path: "operator/audit", lazy: page(() => import("@/operator/audit")) },
  { path: "account", lazy: page(() => import("@/account/settings")) },
];

// Pages of which every part is of the component library; of the others, some load it for a part that is opened later.
const library: RouteObject[] = [
  { path: "operator/rules/:id", lazy: page(() => import("@/operator/rule")) },
  { path: "operator/users", lazy: page(() => import("@/operator/users")) },
  { path: "operator/keys", lazy: page(() => import("@/operator/keys")) },
  { path: "operator/webhooks", lazy: page(() => import("@/operator/webhooks")) },
  { path: "operator/webhooks/:id", lazy: page(() => import("@/operator/webhook")) },
];

export const routes: RouteObject[] = [
  {
    ErrorBoundary: CrashPage,
    children: [
      { Component: Plain, children: [...plain, { path: "*", Component: NotFoundPage }] },
      {
        lazy: async () => ({ Component: (await import("./staff")).default }),
        children: [...staff, { lazy: page(() => import("./library-pages")), children: library }],
      },
    ],
  },
];

export const router = createBrowserRouter(routes, { basename: base.pathname.replace(/\/$/, "") || "/" });
