import type { QueryClient } from "@tanstack/react-query";
import { alignmentsQuery, pictureQuery, previewOf } from "@/viewer/source";
import { caseQuery, contextQuery, explanationQuery } from "./data";

/** loadCase asks for a case, and for the photo that is shown first with its reference as soon as it is known which they are. */
export async function loadCase(queries: QueryClient, id: string) {
  const k = await queries.fetchQuery(caseQuery(id));
  if (!k.blind) for (const query of [contextQuery, explanationQuery]) void queries.prefetchQuery(query(id) as never);
  const first = k.evidence?.find((e) => e.medium === "photo" || e.medium === "video");
  if (!first) return;
  const picture = queries.fetchQuery(pictureQuery(first.id));
  // Most often the first reference is the best one; waiting to know for sure would cost a round trip.
  const likely = k.references?.find((r) => r.medium === "photo")?.id;
  if (likely && first.medium === "photo") reference(queries, likely).catch(() => undefined);
  if (first.medium !== "photo") return void (await picture);
  new Image().src = previewOf(first.id);
  const [, lying] = await Promise.all([picture, queries.fetchQuery(alignmentsQuery(first.id))]);
  const best = lying.items?.find((a) => a.best)?.reference;
  if (best && best !== likely) await reference(queries, best);
}

async function reference(queries: QueryClient, id: string) {
  new Image().src = previewOf(id);
  await queries.fetchQuery(pictureQuery(id));
}
