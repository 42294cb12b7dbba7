// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { Item } from "@/api/schema";
import { mounted } from "@/ui/mounted";
import { setLook } from "@/words/language";
import { Photos } from "./photos";

const at = mounted();

beforeEach(() => {
  setLook({ language: "zh" });
});

const statement = {
  id: "e1",
  medium: "statement",
  purpose: "other",
  party: "buyer",
  received_at: "2026-11-25T02:00:00Z",
} as unknown as Item;

const settled = () => act(async () => new Promise<void>((done) => setTimeout(done, 10)));

test("what was written is shown, as text, with who wrote it; what does not come can be asked for again", async () => {
  let answer = new Response("{}", { status: 503 });
  vi.stubGlobal("fetch", async () => answer);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () =>
    at.render(
      <QueryClientProvider client={queries}>
        <Photos items={[statement]} />
      </QueryClientProvider>,
    ),
  );
  await settled();
  expect(at.page.textContent).toContain("暂时取不到这份文字");
  answer = new Response("<b>邻居说没见过包裹</b>");
  await act(async () => at.page.querySelector<HTMLElement>(".written button")?.click());
  await settled();
  expect(at.page.textContent).toContain("买家 · 文字说明");
  expect(at.page.textContent).toContain("<b>邻居说没见过包裹</b>");
});
