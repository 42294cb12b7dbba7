// @vitest-environment jsdom
import { act } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { mounted } from "@/ui/mounted";
import { setLook } from "@/words/language";
import { Sendings, TakePicture } from "./sender";
import { Courier, digest } from "./upload";

const photo = (text: string, name = "a.jpg") => new File([text], name, { type: "image/jpeg" });
const at = mounted();

beforeEach(() => {
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => undefined;
});

/** carrier sends nothing: what would leave is counted. */
function carrier() {
  const courier = new Courier({ claim_id: "c1" }, () => undefined);
  const sent: string[] = [];
  // @ts-expect-error private: what begins is what would be sent
  courier.begin = (key: string) => {
    const s = courier.snapshot().find((x) => x.key === key);
    if (s) sent.push(s.name);
    // @ts-expect-error private: it is under way from here on
    courier.set(key, { state: "sending" });
  };
  return { courier, sent };
}

const settled = (courier: Courier) =>
  vi.waitFor(() => expect(courier.snapshot().every((s) => s.state !== "queued")).toBe(true), { timeout: 10_000 });

test("a file that the claim has is told at its slot and not sent", async () => {
  const { courier, sent } = carrier();
  courier.holds([{ sha256: await digest(photo("one")), purpose: "whole" }]);
  courier.add(photo("one"), "close_up", "upload");
  courier.add(photo("two", "b.jpg"), "close_up", "upload");
  await settled(courier);
  expect(courier.snapshot().map((s) => [s.state, s.there])).toEqual([
    ["twice", "whole"],
    ["sending", undefined],
  ]);
  expect(sent).toEqual(["b.jpg"]);
  for (const [language, words] of [
    ["zh", "同一文件已在“商品全貌”中"],
    ["en", "here already, under “The whole article”"],
  ] as const) {
    setLook({ language });
    act(() => at.render(<Sendings courier={courier} list={courier.snapshot()} />));
    expect(at.page.textContent).toContain(words);
  }
  expect(at.page.querySelectorAll("li.twice button")).toHaveLength(1); // it can be taken off, and not tried again
});

test("two of the same chosen at once: the first is sent, the second is told", async () => {
  const { courier, sent } = carrier();
  courier.add(photo("one", "a.jpg"), "whole", "upload");
  courier.add(photo("one", "copy.jpg"), "close_up", "upload");
  await settled(courier);
  expect(sent).toEqual(["a.jpg"]);
  expect(courier.snapshot()[1]).toMatchObject({ state: "twice", there: "whole" });
});

test("what cannot be compared here is sent: the desk compares all", async () => {
  vi.stubGlobal("crypto", { randomUUID: () => "k", subtle: undefined });
  const { courier, sent } = carrier();
  courier.holds([{ sha256: "00", purpose: "whole" }]);
  courier.add(photo("one"), "whole", "upload");
  await settled(courier);
  expect(sent).toEqual(["a.jpg"]);
});

test("that a file is here already comes into view, and goes once another one is taken in its place", async () => {
  const seen: string[] = [];
  Element.prototype.scrollIntoView = function () {
    seen.push(this.textContent ?? "");
  };
  const { courier } = carrier();
  courier.holds([{ sha256: await digest(photo("one")), purpose: "whole" }]);
  setLook({ language: "en" });
  const show = () =>
    act(() =>
      at.render(
        <>
          <Sendings courier={courier} list={courier.snapshot()} />
          <TakePicture courier={courier} purpose="close_up" media={["photo"]} />
        </>,
      ),
    );
  courier.add(photo("one"), "close_up", "upload");
  courier.add(photo("one"), "other", "upload");
  await settled(courier);
  show();
  expect(seen.filter((s) => s.includes("here already"))).toHaveLength(2);
  const input = at.page.querySelector<HTMLInputElement>("input[type=file]");
  Object.defineProperty(input, "files", { value: [photo("two", "b.jpg")] });
  act(() => void input?.dispatchEvent(new Event("change", { bubbles: true })));
  await settled(courier);
  expect(courier.snapshot().map((s) => [s.purpose, s.state])).toEqual([
    ["other", "twice"],
    ["close_up", "sending"],
  ]);
});
