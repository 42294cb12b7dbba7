// @vitest-environment jsdom
import { act, useState } from "react";
import { MemoryRouter } from "react-router";
import { expect, test } from "vitest";
import { mounted } from "@/ui/mounted";
import { setLook } from "@/words/language";
import { begin, type Ordered, unitsOf, type Wish } from "./filing";
import { GoodsStep } from "./steps";

const cny = (amount: number) => ({ amount, currency: "CNY" });
/** cups are three cups at 39.90, of which so many were paid back and so many are in another claim. */
const cups = (gone: number, claimed: number): Ordered => ({
  id: "o1",
  merchant_id: "m1",
  buyer_id: "b1",
  lines: [{ id: "1", title: "杯子", quantity: 3, price: cny(3990) }],
  total: cny(11_970),
  placed_at: "2026-11-01T00:00:00Z",
  claimed: { "1": claimed },
  by: { "1": "c2" },
  left: {
    amount: cny(11_970 - 3990 * gone),
    paid: cny(11_970),
    lines: [{ line_id: "1", units: 3 - gone, quantity: 3, paid: cny(11_970), amount: cny(11_970 - 3990 * gone) }],
  },
});

const at = mounted();
let wish: Wish;

function Shown({ order }: { order: Ordered }) {
  const [w, setWish] = useState(() => begin(order, undefined));
  wish = w;
  return <GoodsStep order={order} wish={w} change={(c) => setWish({ ...w, ...c })} asked={false} />;
}

const show = (order: Ordered) =>
  act(async () =>
    at.render(
      <MemoryRouter>
        <Shown order={order} />
      </MemoryRouter>,
    ),
  );

test.each([
  ["zh", "买了 3 件，其中几件有问题？", "增加一件"],
  ["en", "You bought 3. How many of them?", "One more"],
] as const)(
  "how many of three is asked, one is proposed, and no more than three are taken: %s",
  async (language, ask, more) => {
    setLook({ language });
    const order = cups(0, 0);
    await show(order);
    expect(at.page.textContent).toContain(ask);
    expect(unitsOf(order, wish)).toEqual({ "1": 1 });
    expect(at.page.textContent).toContain("39.90");
    const button = () => at.page.querySelector<HTMLButtonElement>(`[aria-label="${more}"]`);
    for (let i = 0; i < 4; i++) await act(async () => button()?.click());
    expect(unitsOf(order, wish)).toEqual({ "1": 3 });
    expect(button()?.disabled).toBe(true);
    expect(at.page.textContent).toContain("119.70");
  },
);

test("what is gone or in another claim cannot be chosen, and the page says why and where", async () => {
  setLook({ language: "en" });
  const order = cups(1, 1);
  await show(order);
  for (const text of ["1 of 3 refunded", "1 of 3 in an open claim", "one can be claimed"])
    expect(at.page.textContent).toContain(text);
  expect(at.page.querySelector("a")?.getAttribute("href")).toBe("/claims/c2");
  expect(at.page.querySelector<HTMLButtonElement>('[aria-label="One more"]')?.disabled).toBe(true);
  await show(cups(1, 2));
  expect(at.page.querySelector<HTMLInputElement>("input[type=checkbox]")?.disabled).toBe(true);
});
