// What jsdom lacks of a browser, for tests alone (vite.config.ts): enough for pages to stand, without a layout.
import { vi } from "vitest";

declare global {
  /** what a staged page's requests go to (ui/staged.tsx): the client keeps the fetch that it found when it was made */
  var evenhandDesk: typeof fetch | undefined;
}

if (typeof window !== "undefined") {
  window.matchMedia ??= ((media: string) => ({
    media,
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  })) as unknown as typeof window.matchMedia;
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  window.scrollTo = vi.fn() as unknown as typeof window.scrollTo;
  Element.prototype.scrollIntoView ??= () => undefined;
  HTMLDialogElement.prototype.showModal ??= function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function () {
    this.open = false;
  };
  URL.createObjectURL ??= () => "blob:x";
  URL.revokeObjectURL ??= () => undefined;
  const far = globalThis.fetch;
  globalThis.fetch = (input, init) => (globalThis.evenhandDesk ?? far)(input, init);
  // jsdom's AbortSignal is none to Node's Request, which the router makes one of for every step.
  const Before = globalThis.Request;
  globalThis.Request = class extends Before {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(input, init && { ...init, signal: undefined });
    }
  };
}
