import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, must } from "@/api/client";
import type {
  Case,
  Context,
  Explanation,
  ListQueued,
  ListReasonBody,
  ListSavedView,
  QueueSummary,
  Review,
} from "@/api/schema";
import { alignmentsQuery, pictureQuery, previewOf } from "@/viewer/source";
import { type Filters, queryOf } from "./filters";

// What the reviewer's pages ask of the desk.

type Task = "decide" | "confirm" | "reread";

export const queuePage = async (f: Filters, after?: string) =>
  must<ListQueued>(
    // The filters are words that the address held; the server says which it does not know.
    api.GET("/v1/reviews", { params: { query: { ...queryOf(f), after, limit: 50 } as never } }) as Promise<{
      data?: ListQueued;
    }>,
  );

export const summaryQuery = queryOptions({
  queryKey: ["queue-summary"],
  queryFn: () => must<QueueSummary>(api.GET("/v1/reviews/summary")),
});

export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: ["claim", id, "case"],
    queryFn: () => must<Case>(api.GET("/v1/claims/{id}", { params: { path: { id } } })),
  });

export const contextQuery = (id: string) =>
  queryOptions({
    queryKey: ["claim", id, "context"],
    queryFn: () => must<Context>(api.GET("/v1/claims/{id}/context", { params: { path: { id } } })),
  });

export const explanationQuery = (id: string) =>
  queryOptions({
    queryKey: ["claim", id, "explanation"],
    queryFn: () => must<Explanation>(api.GET("/v1/claims/{id}/explanation", { params: { path: { id } } })),
  });

export const reasonsQuery = queryOptions({
  queryKey: ["reason-codes"],
  queryFn: () => must<ListReasonBody>(api.GET("/v1/reason-codes")),
  staleTime: Number.POSITIVE_INFINITY,
});

export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: () => must<ListSavedView>(api.GET("/v1/me/views")),
});

export const lease = (claim_id?: string, task?: Task) =>
  must<Review>(api.POST("/v1/reviews/lease", { body: { claim_id, task } }));

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
