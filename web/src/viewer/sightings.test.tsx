// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { expect, test, vi } from "vitest";
import { api } from "@/api/client";
import { ProblemError } from "@/api/problem";
import type { Item } from "@/api/schema";
import { mounted } from "@/ui/mounted";
import { setLook } from "@/words/language";
import { MarkTool } from "./mark-tool";
import { useMarking } from "./marking";
import { Sightings } from "./sightings";

const at = mounted();

const photo = (id: string, sha256: string): Item =>
  ({ id, medium: "photo", party: "buyer", sha256 }) as unknown as Item;
const items = [photo("one", "a"), photo("two", "b"), photo("three", "c")];
const answered = [
  {
    photo: "three",
    finding: {
      code: "angle.inconsistent",
      strength: "strong",
      stance: "against",
      text: { zh: "另一张里没有。", en: "It is not there." },
    },
  },
  { photo: "two", error: { zh: "图片已损坏。", en: "The picture is broken." } },
];

const beside = vi.fn();
const begun = vi.fn();

/** Page is what the viewer has around its stage; the button takes the place of a drag. */
function Page({ of }: { of: Item[] }) {
  const marking = useMarking(of[0], of, true);
  return (
    <>
      {marking.can && <MarkTool marking={marking} onBegin={begun} />}
      <button type="button" id="drag" onClick={() => marking.take({ x: 0.1, y: 0.2, width: 0.3, height: 0.25 })} />
      <Sightings marking={marking} items={of} onBeside={beside} />
    </>
  );
}

async function shown(language: "zh" | "en", of: Item[], answer: () => object | Promise<object>) {
  setLook({ language });
  const asked: unknown[] = [];
  vi.spyOn(api, "GET").mockImplementation((async (path: string, how: { params: object }) => {
    asked.push([path, how.params]);
    return { data: await answer() };
  }) as unknown as typeof api.GET);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () =>
    at.render(
      <QueryClientProvider client={client}>
        <Page of={of} />
      </QueryClientProvider>,
    ),
  );
  return asked;
}

const rest = () => act(async () => new Promise<void>((done) => setTimeout(done, 20)));
const press = async (what: string) => {
  await act(async () => at.page.querySelector<HTMLElement>(what)?.click());
  await rest();
};
test("a marked place is asked about once, and the answers are told in the reader's language", async () => {
  const asked = await shown("zh", items, () => ({ items: answered }));
  await press(".mark");
  expect(begun).toHaveBeenCalled();
  expect(at.page.querySelector(".mark")?.getAttribute("aria-pressed")).toBe("true");
  expect(at.page.textContent).toContain("拖出一个框");
  await press("#drag");
  expect(asked).toEqual([
    ["/v1/evidence/{id}/sightings", { path: { id: "one" }, query: { x: 0.1, y: 0.2, width: 0.3, height: 0.25 } }],
  ]);
  const list = [...at.page.querySelectorAll(".sighting")].map((e) => e.textContent ?? "");
  expect(list[0]).toContain("证据 3");
  expect(list[0]).toContain("另一张里没有。");
  expect(list[0]).toContain("有力");
  expect(list[1]).toContain("这张照片读不了图片已损坏。");
  expect(list.join("")).not.toMatch(/not there|broken/);
  expect(at.page.textContent).toContain("不会写入案件记录");
  expect(at.page.querySelector(".mark")?.getAttribute("aria-pressed")).toBe("false");
  await press(".sighting");
  expect(beside).toHaveBeenCalledWith("three");
});

test("while the photos are asked one is told so; Escape ends the marking", async () => {
  await shown("en", items, () => new Promise<object>(() => undefined));
  await press(".mark");
  await act(async () => dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" })));
  expect(at.page.querySelector(".mark")?.getAttribute("aria-pressed")).toBe("false");
  await press("#drag");
  expect(at.page.querySelector(".sightings [role=status]")?.textContent).toContain("Asking 2 other photos");
});

test("what the desk refuses is said in its own words, with a way to try again", async () => {
  const detail = "标记的范围超过图片的一半。";
  await shown("zh", items, () => {
    throw new ProblemError({ code: "invalid", status: 422, title: "", detail });
  });
  await press("#drag");
  expect(at.page.querySelector("[role=alert]")?.textContent).toContain(detail);
  expect(at.page.querySelector("[role=alert] button")?.textContent).toBe("重试");
});

test("where there is no other photo the tool is not offered, and no answer is said to be none", async () => {
  await shown("en", [photo("one", "a"), photo("twin", "a")], () => ({ items: [] }));
  expect(at.page.querySelector(".mark")).toBeNull();
  await press("#drag");
  expect(at.page.textContent).toContain("There is no other photo to ask.");
});

test("a photo that was not asked, because there are too many, is told of", async () => {
  const many = Array.from({ length: 11 }, (_, i) => photo(`p${i}`, `s${i}`));
  await shown("en", many, () => ({ items: many.slice(1, 9).map((e) => ({ ...answered[0], photo: e.id })) }));
  await press("#drag");
  expect(at.page.textContent).toContain("2 more photos were not asked");
});
