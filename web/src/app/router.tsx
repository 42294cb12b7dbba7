import { createBrowserRouter, type RouteObject } from "react-router";
import { base } from "@/api/client";
import { CrashPage, NotFoundPage } from "./places";
import { Plain } from "./plain";
import { Start } from "./start";

// A page is loaded when it is opened: a buyer never loads the staff's library.
const page = (load: () => Promise<{ default: React.ComponentType }>) => async () => ({
  Component: (await load()).default,
});

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
  { path: "operator/rules/:id", lazy: page(() => import("@/operator/rule")) },
  { path: "operator/people", lazy: page(() => import("@/operator/people")) },
  { path: "operator/detectors", lazy: page(() => import("@/operator/detectors")) },
  { path: "operator/shops", lazy: page(() => import("@/operator/shops")) },
  { path: "operator/users", lazy: page(() => import("@/operator/users")) },
  { path: "operator/keys", lazy: page(() => import("@/operator/keys")) },
  { path: "operator/webhooks", lazy: page(() => import("@/operator/webhooks")) },
  { path: "operator/webhooks/:id", lazy: page(() => import("@/operator/webhook")) },
  { path: "operator/audit", lazy: page(() => import("@/operator/audit")) },
  { path: "account", lazy: page(() => import("@/account/settings")) },
];

export const routes: RouteObject[] = [
  {
    ErrorBoundary: CrashPage,
    children: [
      { Component: Plain, children: [...plain, { path: "*", Component: NotFoundPage }] },
      { lazy: async () => ({ Component: (await import("./staff")).default }), children: staff },
    ],
  },
];

export const router = createBrowserRouter(routes, { basename: base.pathname.replace(/\/$/, "") || "/" });
