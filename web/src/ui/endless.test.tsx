// @vitest-environment jsdom
import { useInfiniteQuery } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EndlessList } from "./endless";
import { staged } from "./staged";

const page = staged();

interface Thing {
  id: string;
}

/** Things lists what the pages hold; a page that is missing fails. */
function Things({ pages }: { pages: Record<string, { items: Thing[]; next?: string }> }) {
  const list = useInfiniteQuery({
    queryKey: ["things"],
    initialPageParam: "",
    queryFn: async ({ pageParam }) => {
      const at = pages[pageParam];
      if (!at) throw new Error(`there is no page "${pageParam}"`);
      return at;
    },
    getNextPageParam: (last) => last.next || undefined,
  });
  return (
    <EndlessList list={list} id={(t) => t.id} label="things" className="things" height={20} lines={20} empty="nothing">
      {(t) => <b>{t.id}</b>}
    </EndlessList>
  );
}

// A page without a layout has rows without a height.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(20);
});
afterEach(() => vi.restoreAllMocks());

const some = (from: number, n: number): Thing[] => Array.from({ length: n }, (_, i) => ({ id: `t${from + i}` }));
const rows = () => [...document.querySelectorAll(".things li")].map((r) => r.textContent);

test("the next page comes before the end of the first is reached, and the list says where it ends", async () => {
  await page.open(<Things pages={{ "": { items: some(0, 3), next: "b" }, b: { items: some(3, 2) } }} />, {});
  await page.until(() => expect(rows()).toEqual(["t0", "t1", "t2", "t3", "t4"]));
  expect(document.querySelector(".things")?.getAttribute("aria-label")).toBe("things");
  expect(document.querySelector(".things ~ *")).not.toBeNull(); // that there is no more
});

test("a long list draws only what is in sight, and asks for no page that nobody came near", async () => {
  await page.open(<Things pages={{ "": { items: some(0, 500), next: "never" } }} />, {});
  await page.until(() => expect(rows().length).toBeGreaterThan(5));
  expect(rows().length).toBeLessThan(150);
  expect(page.text()).not.toContain("never");
});

test("nothing is said to be nothing, and what failed is told", async () => {
  await page.open(<Things pages={{ "": { items: [] } }} />, {});
  await page.shows("nothing");
  await page.open(<Things pages={{}} />, {});
  await page.until(() => expect(document.querySelector(".things")).toBeNull());
  await page.until(() => expect(document.querySelector("[role=alert], button")).not.toBeNull());
});
