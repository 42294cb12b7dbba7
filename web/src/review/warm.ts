import type { QueryClient } from "@tanstack/react-query";
import { loadCase } from "./ahead";

/** rest is how long the cursor stays on a row before its case is loaded, in ms: passing over rows asks for nothing. */
const rest = 70;
let resting: ReturnType<typeof setTimeout> | undefined;

/** warm loads a case while the cursor rests on its row, with the photo that is shown first and its reference. */
export function warm(queries: QueryClient, id: string) {
  clearTimeout(resting);
  resting = setTimeout(() => {
    void import("./case");
    // What fails here is said once the case is opened.
    loadCase(queries, id).catch(() => undefined);
  }, rest);
}
