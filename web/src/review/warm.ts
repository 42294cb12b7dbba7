import type { QueryClient } from "@tanstack/react-query";
import { alignmentsQuery, pictureQuery, previewOf } from "@/viewer/source";
import { caseQuery, contextQuery, explanationQuery } from "./data";

/** rest is how long the cursor stays on a row before its case is loaded, in ms: passing over rows asks for nothing. */
const rest = 70;
let resting: ReturnType<typeof setTimeout> | undefined;

/** warm loads a case while the cursor rests on its row, with the photo that is shown first and its reference. */
export function warm(queries: QueryClient, id: string) {
  clearTimeout(resting);
  resting = setTimeout(() => {
    void import("./case");
    // What fails here is said once the case is opened.
    load(queries, id).catch(() => undefined);
  }, rest);
}

async function load(queries: QueryClient, id: string) {
  const k = await queries.fetchQuery(caseQuery(id));
  if (!k.blind) for (const query of [contextQuery, explanationQuery]) void queries.prefetchQuery(query(id) as never);
  const first = k.evidence?.find((e) => e.medium === "photo" || e.medium === "video");
  if (!first) return;
  const picture = queries.fetchQuery(pictureQuery(first.id));
  if (first.medium !== "photo") return void (await picture);
  new Image().src = previewOf(first.id);
  const [, lying] = await Promise.all([picture, queries.fetchQuery(alignmentsQuery(first.id))]);
  const best = lying.items?.find((a) => a.best)?.reference ?? k.references?.find((r) => r.medium === "photo")?.id;
  if (!best) return;
  new Image().src = previewOf(best);
  await queries.fetchQuery(pictureQuery(best));
}
