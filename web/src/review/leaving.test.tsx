// @vitest-environment jsdom
import { act } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { mounted } from "@/ui/mounted";
import { caseKeys, useKeys } from "./keys";

const at = mounted();
const done = vi.fn();

/** Page has a list of choices as Ant Design makes one: its field, and the class while it is open. */
function Page() {
  useKeys(caseKeys, (name) => {
    done(name);
    return true;
  });
  return (
    <div className="ant-select ant-select-open">
      <input aria-label="codes" />
    </div>
  );
}

const field = () => document.querySelector("input") as HTMLInputElement;
const press = (key: string) =>
  act(async () => {
    const target = document.activeElement ?? document.body;
    for (const type of ["keydown", "keyup"]) target.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true }));
    await new Promise((r) => setTimeout(r));
  });

afterEach(() => done.mockClear());

test("a list of choices that is left keeps no focus, however late its closing takes it back", async () => {
  await act(async () => at.render(<Page />));
  field().focus();
  await press("Escape");
  expect(document.activeElement).toBe(document.body);
  await new Promise((r) => setTimeout(r, 30));
  field().focus(); // as the list does when it has closed at last
  expect(document.activeElement).toBe(document.body);
  await press("t"); // and the class of an open list may still be there
  expect(done.mock.calls.map(([name]) => name).filter((name) => name !== "escape")).toContain("text");
});

test("one can come back to a list that was left", async () => {
  await act(async () => at.render(<Page />));
  field().focus();
  await press("Escape");
  await press("c");
  field().focus();
  expect(document.activeElement).toBe(field());
});

test("while a list of choices is open, keys are its own", async () => {
  await act(async () => at.render(<Page />));
  await press("t");
  expect(done).not.toHaveBeenCalled();
});
