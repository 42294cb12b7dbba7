import { createBrowserRouter, type RouteObject } from "react-router";
import { base } from "@/api/client";
import type { Frame, PageModule } from "@/session/page";
import { queries } from "@/session/queries";
import { pages } from "./pages";
import { CrashPage, NotFoundPage } from "./places";
import { Plain } from "./plain";
import type { Handle } from "./rights";
import { Start } from "./start";

// A page is loaded when it is opened: a buyer never loads the staff's library. What it shows first is asked for at once.
const lazily = (load: () => Promise<PageModule>) => async () => {
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

const routesOf = (frame: Frame): RouteObject[] =>
  pages
    .filter((p) => p.frame === frame)
    .map(({ path, roles, load }) => ({ path, lazy: lazily(load), handle: { roles } satisfies Handle }));

export const routes: RouteObject[] = [
  {
    ErrorBoundary: CrashPage,
    children: [
      {
        Component: Plain,
        children: [{ index: true, Component: Start }, ...routesOf("plain"), { path: "*", Component: NotFoundPage }],
      },
      {
        lazy: async () => ({ Component: (await import("./staff")).default }),
        children: [
          ...routesOf("staff"),
          { lazy: lazily(() => import("./library-pages")), children: routesOf("library") },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(routes, { basename: base.pathname.replace(/\/$/, "") || "/" });
