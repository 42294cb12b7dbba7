// @vitest-environment jsdom
import { act } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { Item } from "@/api/schema";
import { mounted } from "@/ui/mounted";
import { setLook } from "@/words/language";
import { Photos } from "./photos";

const at = mounted();

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
});

/** opened shows one piece of evidence large, whose file does not come: the desk answers as said. */
async function opened(medium: "photo" | "video", language: "zh" | "en", answer: Response) {
  setLook({ language });
  vi.stubGlobal("fetch", async () => answer);
  const item = { id: "e1", medium, purpose: "whole", party: "merchant" } as unknown as Item;
  await act(async () => at.render(<Photos items={[item]} />));
  await act(async () => at.page.querySelector<HTMLElement>(".thumb")?.click());
  await act(async () => {
    at.page.querySelector(`.large-what ${medium === "video" ? "video" : "img"}`)?.dispatchEvent(new Event("error"));
  });
  await act(async () => new Promise<void>((done) => setTimeout(done, 10)));
  return at.page.querySelector(".large-none")?.textContent ?? "";
}

const problem = (status: number, body: object, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json", ...headers } });

test.each([
  ["photo", "zh", "还没有准备好"],
  ["video", "en", "not ready yet"],
] as const)("a %s whose copy is not made yet says so, and is looked for again: %s", async (medium, language, text) => {
  const said = await opened(medium, language, problem(503, { code: "unavailable" }, { "Retry-After": "9" }));
  expect(said).toContain(text);
  await act(async () => at.page.querySelector<HTMLElement>(".large-none button")?.click());
  expect(at.page.querySelector(`.large-what ${medium === "video" ? "video" : "img"}`)).not.toBeNull();
});

test("a film of which no copy can be made says what the desk says", async () => {
  const detail = "无法为该文件生成去除元数据的副本，原件仅由平台工作人员查看。";
  expect(await opened("video", "zh", problem(415, { code: "no_copy", detail }))).toContain(detail);
});

test("a file that is there and not shown is the browser's doing", async () => {
  expect(await opened("photo", "en", new Response("x"))).toContain("This browser cannot show the format");
});
