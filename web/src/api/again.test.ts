// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { answerAgain, isAsked, onAgain } from "./again";
import { api } from "./client";

afterEach(() => vi.restoreAllMocks());

const refused = () =>
  new Response(JSON.stringify({ code: "confirm", title: "x", status: 403 }), {
    status: 403,
    headers: { "Content-Type": "application/problem+json" },
  });
const made = () => new Response("{}", { status: 201, headers: { "Content-Type": "application/json" } });

test("what is refused until one has shown who one is, is sent again with the same key and body", async () => {
  const sent: string[] = [];
  const answers = [refused(), made()];
  const stop = onAgain(() => isAsked() && queueMicrotask(() => answerAgain(true)));
  vi.spyOn(globalThis, "fetch").mockImplementation(async function (this: unknown, r) {
    if (this !== undefined && this !== globalThis) throw new TypeError("Illegal invocation");
    const request = r as Request;
    sent.push(`${request.headers.get("Idempotency-Key")} ${await request.text()}`);
    return answers.shift() as Response;
  });
  await api.POST("/v1/keys", { body: { name: "k", scopes: ["claims:read"] }, fetch: globalThis.fetch });
  expect(sent).toHaveLength(2);
  expect(sent[0]).toBe(sent[1]);
  expect(sent[0]).toContain('"name":"k"');
  stop();
});

test("who will not show it reads the refusal", async () => {
  const stop = onAgain(() => isAsked() && queueMicrotask(() => answerAgain(false)));
  const fetch = vi.spyOn(globalThis, "fetch").mockImplementation(async () => refused());
  await expect(
    api.DELETE("/v1/keys/{id}", { params: { path: { id: "x" } }, fetch: globalThis.fetch }),
  ).rejects.toThrow();
  expect(fetch).toHaveBeenCalledTimes(1);
  stop();
});
