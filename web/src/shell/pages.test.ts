// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Me } from "@/api/schema";
import { home } from "@/session/me";
import { pages } from "./pages";
import { may } from "./rights";
import { tabsOf } from "./tabs";

const as = (...roles: string[]) => ({ id: "u1", kind: "session", roles }) as unknown as Me;
const tabs = (me: Me | null, plain = false) => tabsOf(me, plain, "en").map((t) => t.to);
const pageAt = (path: string) => pages.find((p) => p.path === path) ?? {};

test("every address stands once, and tabs are told in both languages", () => {
  const paths = pages.map((p) => p.path);
  expect(new Set(paths).size).toBe(paths.length);
  for (const { tab, path } of pages) if (tab) expect([tab.zh, tab.en].every(Boolean), path).toBe(true);
});

test("tabs are what one's roles open, in the order of one's work", () => {
  expect(tabs(as("reviewer"))).toEqual(["/review"]);
  expect(tabs(as("senior_reviewer"))).toEqual(["/review", "/operator", "/operator/people", "/operator/detectors"]);
  expect(tabs(as("merchant"))).toEqual(["/shop", "/shop/figures", "/shop/rules"]);
  const overseen = ["", "/claims", "/rules", "/people", "/detectors", "/shops"].map((p) => `/operator${p}`);
  expect(tabs(as("auditor"))).toEqual([...overseen, "/operator/audit"]);
  const run = ["/users", "/keys", "/webhooks", "/import", "/audit"].map((p) => `/operator${p}`);
  expect(tabs(as("operator"))).toEqual([...overseen, ...run]);
});

test("visitors see the public pages; a buyer's own are for who has signed in, not for a link to one claim", () => {
  expect(tabs(null, true)).toEqual(["/progress", "/check"]);
  expect(tabs(as("buyer"), true)).toEqual(["/my", "/progress", "/check"]);
  expect(tabs({ ...as("buyer"), kind: "link", claim_id: "c1" } as Me, true)).toEqual(["/progress", "/check"]);
});

test("a tab is current below its own address unless others there have tabs", () => {
  const of = (to: string) => tabsOf(as("operator"), false, "en").find((t) => t.to === to);
  expect(of("/operator")?.end).toBe(true);
  expect(of("/operator/rules")?.end).toBe(false);
});

test("a page opens to its roles and to nobody else", () => {
  expect(may(as("reviewer"), pageAt("operator/users"))).toBe(false);
  expect(may(as("merchant"), pageAt("review/:id"))).toBe(false);
  expect(may(as("auditor"), pageAt("review/:id"))).toBe(true);
  expect(may(as("merchant"), pageAt("shop/figures"))).toBe(true);
  expect(may(as("operator"), pageAt("shop"))).toBe(false);
  expect(may(as("reviewer"), pageAt("my"))).toBe(false);
  expect(may(as("merchant"), pageAt("claims/:id"))).toBe(true); // by a link to it
});

test("everybody's work begins on a page that is there and opens to them", () => {
  for (const role of ["buyer", "merchant", "reviewer", "senior_reviewer", "operator", "auditor"]) {
    const page = pages.find((p) => `/${p.path}` === home(as(role)));
    expect(page && may(as(role), page), role).toBe(true);
  }
});
