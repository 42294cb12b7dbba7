import createClient, { type Middleware } from "openapi-fetch";
import { currentLanguage } from "@/words/language";
import { askAgain } from "./again";
import { asProblem, ProblemError } from "./problem";
import type { paths } from "./schema";

/** Where the console lives, with a slash at its end: "/" or "/desk/". */
export const base = new URL("./", document.baseURI);

/** at answers an address of the server under whatever path it lives. */
export function at(path: string): string {
  return new URL(path.replace(/^\//, ""), base).href;
}

let csrf = "";

/** rememberCSRF keeps the session's token, in memory alone. */
export function rememberCSRF(token: string | undefined) {
  csrf = token ?? "";
}

/** unsafeHeaders are those that everything but reading carries. */
export function unsafeHeaders(): Record<string, string> {
  return csrf ? { "X-CSRF-Token": csrf } : {};
}

/** Copies of what is under way: a body can be sent once, and it may have to be sent again. */
const copies = new WeakMap<Request, Request>();

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", currentLanguage());
    if (request.method !== "GET" && request.method !== "HEAD") {
      if (csrf) request.headers.set("X-CSRF-Token", csrf);
      if (request.method === "POST" && !request.headers.has("Idempotency-Key"))
        request.headers.set("Idempotency-Key", crypto.randomUUID());
      copies.set(request, request.clone());
    }
    return request;
  },
  async onResponse({ request, response, options }) {
    if (response.ok) return response;
    const trouble = await asProblem(response);
    const copy = copies.get(request);
    if (trouble.code !== "confirm" || !copy || !(await askAgain())) throw new ProblemError(trouble);
    const { fetch } = options; // the browser's refuses to be called as a method
    const second = await fetch(copy);
    if (second.ok) return second;
    throw new ProblemError(await asProblem(second));
  },
  onError({ error }) {
    if (error instanceof ProblemError) return error;
    return new ProblemError({ code: "offline", status: 0, title: "", detail: "" });
  },
};

/** api is the typed client; whatever the server refuses is thrown as a ProblemError. */
export const api = createClient<paths>({ baseUrl: base.href.replace(/\/$/, ""), credentials: "same-origin" });
api.use(manners);

/** must takes the data of an answer that middleware has already checked. */
export async function must<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}
