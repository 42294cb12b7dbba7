import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, vi } from "vitest";

/** mounted gives each test of a file a page of its own to render on, and takes it away afterwards. For tests alone. */
export function mounted() {
  let root: Root;
  const at = {
    page: document.body,
    render: (what: ReactNode) => root.render(what),
  };
  beforeEach(() => {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
    at.page = document.body.appendChild(document.createElement("div"));
    root = createRoot(at.page);
  });
  afterEach(() => {
    act(() => root.unmount());
    at.page.remove();
    vi.unstubAllGlobals();
  });
  return at;
}
