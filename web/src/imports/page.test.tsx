// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import type { ImportResult } from "@/api/schema";
import { mounted } from "@/ui/mounted";
import { setLook } from "@/words/language";
import type { Said } from "./file";
import ImportPage from "./page";

const sent: { kind: string; file: string; said: Said; dry: boolean }[] = [];
vi.mock("./file", async (load) => ({
  ...(await load<typeof import("./file")>()),
  send: vi.fn(async (kind: string, file: File, said: Said, dry: boolean) => {
    sent.push({ kind, file: file.name, said, dry });
    return result(dry);
  }),
}));

/** result is how the desk answers: one order fit to be kept, one row refused. */
const result = (dry_run: boolean): ImportResult => ({
  dry_run,
  wrong: "",
  rows: 2,
  taken: 1,
  refused: 1,
  kept: 1,
  same: 0,
  drafts: 0,
  encoding: "GB18030",
  separator: ",",
  sheet: "",
  platform: "",
  numbers: "point",
  dates: "",
  signature: "0".repeat(32),
  columns: [{ header: "订单号", field: "order_id" }],
  fields: [{ name: "order_id", about: "Order number" }],
  notes: [],
  first: [
    {
      line: 2,
      order: {
        id: "I1",
        merchant_id: "m1",
        buyer_id: "b1",
        lines: [{ id: "1", title: "杯子", quantity: 2, price: { amount: 3990, currency: "CNY" } }],
        total: { amount: 7980, currency: "CNY" },
        placed_at: "2026-11-01T01:30:00Z",
      },
    },
  ],
  problems: [{ line: 3, field: "quantity", column: "数量", detail: "请填写整数" }],
  more: 0,
});

const at = mounted();

beforeEach(() => {
  sent.length = 0;
});

async function open(language: "zh" | "en") {
  setLook({ language });
  await act(async () =>
    at.render(
      <QueryClientProvider client={new QueryClient()}>
        <MemoryRouter>
          <ImportPage />
        </MemoryRouter>
      </QueryClientProvider>,
    ),
  );
  const input = at.page.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) throw new Error("no file to choose");
  Object.defineProperty(input, "files", { value: [new File(["x"], "orders.csv")] });
  await act(async () => void input.dispatchEvent(new Event("change", { bubbles: true })));
  await settled();
}

const settled = () => act(async () => new Promise<void>((done) => setTimeout(done, 20)));
const button = (text: string) => [...at.page.querySelectorAll("button")].find((b) => b.textContent?.trim() === text);
const click = async (b: HTMLElement | undefined) => {
  await act(async () => b?.click());
  await settled();
};

async function type(label: string, value: string) {
  const name = [...at.page.querySelectorAll("label")].find((l) => l.textContent === label);
  const input = document.getElementById(name?.htmlFor ?? "") as HTMLInputElement | null;
  if (!input) throw new Error(`no field ${label}`);
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
  await act(async () => {
    set?.call(input, value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

test.each([
  ["zh", "导入 1 项", "已导入 1 项", "重新检查", "币种"],
  ["en", "Import 1", "1 imported", "Check again", "Currency"],
] as const)(
  "a file is shown as understood, and taken as it was checked: %s",
  async (language, take, done, check, currency) => {
    await open(language);
    expect(sent.map((s) => [s.file, s.dry])).toEqual([["orders.csv", true]]);
    for (const text of ["I1", "杯子", "请填写整数", "GB18030"]) expect(at.page.textContent).toContain(text);

    // With another currency, nobody has checked what would be taken: there is nothing to press but the check.
    await type(currency, "USD");
    expect(button(take)).toBeUndefined();
    expect(at.page.querySelector("[role=alert]")?.textContent).toBeTruthy();
    await click(button(check));
    await click(button(take));
    expect(sent.map((s) => [s.said.currency, s.dry])).toEqual([
      ["", true],
      ["USD", true],
      ["USD", false],
    ]);
    expect(at.page.textContent).toContain(done);
    expect(button(take)).toBeUndefined(); // taken once
  },
);

test("settings changed back are the checked ones again", async () => {
  await open("en");
  await type("Currency", "USD");
  await type("Currency", "");
  await click(button("Import 1"));
  expect(sent.at(-1)).toMatchObject({ dry: false, said: { currency: "" } });
});
