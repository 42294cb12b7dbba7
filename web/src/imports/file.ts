import { api, must } from "@/api/client";
import type { ImportResult, ImportRow } from "@/api/schema";
import type { Kind } from "./words";

/** Said is what a file leaves unsaid. */
export interface Said {
  merchant: string;
  currency: string;
  zone: string;
  numbers: "auto" | "point" | "comma";
  dates: "auto" | "mdy" | "dmy";
}

export const unsaid: Said = { merchant: "", currency: "", zone: "+08:00", numbers: "auto", dates: "auto" };

/** sameSaid is whether a file is read alike with both. */
export const sameSaid = (a: Said, b: Said): boolean =>
  (Object.keys(unsaid) as (keyof Said)[]).every((k) => a[k] === b[k]);

/** largest is how large a file may be that the page takes, in bytes. */
export const largest = 16 << 20;

/** send has a file checked (dry) or taken. The server reads it from the start each time. */
export function send(kind: Kind, file: Blob, said: Said, dry: boolean): Promise<ImportResult> {
  const path = `/v1/imports/${kind}` as "/v1/imports/orders";
  const query = {
    dry_run: dry,
    merchant: said.merchant.trim() || undefined,
    currency: said.currency.trim().toUpperCase() || undefined,
    zone: said.zone.trim() || undefined,
    numbers: said.numbers,
    dates: said.dates,
    first: 5,
  };
  return must<ImportResult>(
    api.POST(path, {
      params: { query },
      // The types have no word for bytes; a file is sent as it is.
      body: file as unknown as string,
      bodySerializer: (b) => b as unknown as Blob,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );
}

/** remember keeps what the columns of files with these headers hold. */
export function remember(kind: Kind, signature: string, columns: Record<string, string>) {
  return api.PUT("/v1/imports/{kind}/columns/{signature}", {
    params: { path: { kind, signature } },
    body: { columns },
  });
}

/** asCSV writes refused rows for a spreadsheet: with a mark, so that it reads UTF-8, and nothing that it could run. */
export function asCSV(heads: [string, string, string], rows: readonly ImportRow[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  const lines = rows.map((r) => [String(r.line), r.column || r.field, r.detail]);
  return `\ufeff${[heads, ...lines].map((l) => l.map(cell).join(",")).join("\r\n")}\r\n`;
}
