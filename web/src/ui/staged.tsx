import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, type ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { beforeEach, expect, vi } from "vitest";
import { mounted } from "./mounted";

/** Asked is one request that a page made. */
export interface Asked {
  what: string;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
}

/** Desk answers requests by method and path ("GET /v1/me"); a Response is sent as it is, everything else as JSON. */
export type Desk = Record<string, unknown | ((asked: Asked) => unknown)>;

/** problem is a refusal as the desk writes it (RFC 9457). */
export const problem = (status: number, code: string, detail = code) =>
  new Response(JSON.stringify({ code, status, title: detail, detail }), {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });

type Name = string | RegExp;

const fits = (text: string, name: Name) => (typeof name === "string" ? text === name : name.test(text));
const nameOf = (e: Element): string => {
  const labels = [...((e as HTMLInputElement).labels ?? [])].map((l) => l.textContent);
  const named = e.getAttribute("aria-label") ?? (labels.length > 0 ? labels.join(" ") : e.textContent);
  return (named || e.getAttribute("placeholder") || "").replace(/\s+/g, " ").trim();
};
const seen = (selector: string, name: Name) =>
  [...document.body.querySelectorAll<HTMLElement>(selector)].filter((e) => fits(nameOf(e), name));

const presses = "button, a, summary, input[type=radio], input[type=checkbox], [role=tab], [role=option]";
const fields = "input:not([type=radio]):not([type=checkbox]), textarea, select";

/**
 * staged opens whole pages before a made-up desk, for tests alone: what is on the page is found by the names that people
 * read or hear, what the page asks is kept.
 */
export function staged() {
  const at = mounted();
  let opened = 0;
  let router: ReturnType<typeof createMemoryRouter>;
  const stage = {
    asked: [] as Asked[],
    /** all that stands on the page, dialogs with it */
    text: () => document.body.textContent ?? "",
    where: () => `${router.state.location.pathname}${router.state.location.search}`,
    /** sent are the bodies of one kind of request. */
    sent: (what: string) => stage.asked.filter((a) => a.what === what).map((a) => a.body),
    button: (name: Name) => only(seen(presses, name), name, presses),
    field: (name: Name) => only(seen(fields, name), name, fields) as HTMLInputElement,
    there: (name: Name) => seen(`${presses}, ${fields}`, name).length > 0,
    async open(page: ReactNode, desk: Desk, { to = "/", path = "*" } = {}) {
      vi.stubGlobal("evenhandDesk", (request: Request) => answer(desk, request, stage.asked));
      const queries = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
      router = createMemoryRouter([{ path, element: page }, ...(path === "*" ? [] : [{ path: "*", element: null }])], {
        initialEntries: [to],
      });
      await act(async () =>
        at.render(
          <QueryClientProvider key={++opened} client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>,
        ),
      );
    },
    /** until waits, ten seconds at most, for what a page does by and by. */
    async until(holds: () => void) {
      for (const end = Date.now() + 10_000; ; ) {
        await act(() => new Promise<void>((done) => setTimeout(done, 5)));
        try {
          return holds();
        } catch (error) {
          if (Date.now() > end) throw error;
        }
      }
    },
    async shows(text: Name) {
      await stage.until(() =>
        expect(fits(stage.text(), typeof text === "string" ? new RegExp(plain(text)) : text), String(text)).toBe(true),
      );
    },
    async press(name: Name) {
      await stage.until(() => stage.button(name));
      await act(async () => stage.button(name).click());
    },
    async type(name: Name, text: string) {
      await stage.until(() => stage.field(name));
      const field = stage.field(name);
      const kind =
        field instanceof HTMLTextAreaElement
          ? HTMLTextAreaElement
          : field instanceof HTMLSelectElement
            ? HTMLSelectElement
            : HTMLInputElement;
      await act(async () => {
        Object.getOwnPropertyDescriptor(kind.prototype, "value")?.set?.call(field, text);
        field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
      });
    },
    async key(key: string, more: KeyboardEventInit = {}) {
      await act(async () => {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
        document.body.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true, ...more }));
      });
    },
  };
  beforeEach(() => {
    stage.asked.length = 0;
  });
  return stage;
}

const plain = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function only(found: HTMLElement[], name: Name, selector: string): HTMLElement {
  const [first, second] = found;
  if (first && !second) return first;
  const all = [...document.body.querySelectorAll(selector)].map(nameOf).join(" | ");
  throw new Error(`${found.length} of ${String(name)} among: ${all}`);
}

async function answer(desk: Desk, request: Request, asked: Asked[]): Promise<Response> {
  const url = new URL(request.url);
  const what = `${request.method} ${url.pathname}`;
  const text = await request.text();
  const one: Asked = {
    what,
    query: url.searchParams,
    body: text ? JSON.parse(text) : undefined,
    headers: request.headers,
  };
  asked.push(one);
  if (!(what in desk)) return problem(404, "not_found", `${what} is not on this desk`);
  const said = desk[what];
  const of = typeof said === "function" ? await (said as (a: Asked) => unknown)(one) : said;
  if (of instanceof Response) return of.clone();
  return of === undefined
    ? new Response(null, { status: 204 })
    : new Response(JSON.stringify(of), { headers: { "Content-Type": "application/json" } });
}
