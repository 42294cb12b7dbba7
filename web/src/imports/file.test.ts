// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { asCSV, unsaid } from "./file";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test("refused rows are written so that no spreadsheet runs them", () => {
  const rows = [
    { line: 3, field: "price", column: "单价", detail: '金额有误，请写 "39.90"' },
    { line: 4, field: "title", column: "=HYPERLINK(1)", detail: "x" },
    { line: 5, field: "order_id", column: "", detail: "y" },
  ];
  expect(asCSV(["行", "列", "原因"], rows)).toBe(
    '\ufeff"行","列","原因"\r\n"3","单价","金额有误，请写 ""39.90"""\r\n"4","\'=HYPERLINK(1)","x"\r\n"5","order_id","y"\r\n',
  );
});

test("a file is sent as it is, with what was said of it", async () => {
  const asked: Request[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (r: Request) => {
      asked.push(r);
      return new Response(JSON.stringify({ kept: 1 }), { headers: { "Content-Type": "application/json" } });
    }),
  );
  vi.resetModules(); // the client takes fetch when it is made
  const { send } = await import("./file");
  const got = await send("orders", new Blob(["订单号"]), { ...unsaid, merchant: " m1 " }, true);
  expect(got.kept).toBe(1);
  const [r] = asked;
  const url = new URL(r?.url ?? "");
  expect(url.pathname).toBe("/v1/imports/orders");
  expect(url.searchParams.get("dry_run")).toBe("true");
  expect(url.searchParams.get("merchant")).toBe("m1");
  expect(url.searchParams.get("currency")).toBeNull();
  expect(r?.headers.get("Content-Type")).toBe("application/octet-stream");
});
