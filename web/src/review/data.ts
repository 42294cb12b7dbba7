import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
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
import type { Task } from "@/words/codes";
import { addressOf, type Filters, queryOf } from "./filters";

// What the reviewer's pages ask of the desk.

const queuePage = async (f: Filters, after?: string) =>
  must<ListQueued>(
    // The filters are words that the address held; the server says which it does not know.
    api.GET("/v1/reviews", { params: { query: { ...queryOf(f), after, limit: 50 } as never } }) as Promise<{
      data?: ListQueued;
    }>,
  );

export const queueQuery = (f: Filters) =>
  infiniteQueryOptions({
    queryKey: ["queue", addressOf(f)],
    queryFn: ({ pageParam }) => queuePage(f, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });

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
