import { QueryClient } from "@tanstack/react-query";
import { troubleOf } from "@/api/problem";

/** queries holds what the console has loaded, in memory alone. Refusals are final; a lost network is tried twice more. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (times, error) => {
        const { status } = troubleOf(error);
        return times < 2 && (status === 0 || status >= 502);
      },
    },
    mutations: { retry: false },
  },
});

/** First begins to load what a page shows first, before the page stands; its own queries then find it on the way. */
export type First = (queries: QueryClient, address: URL) => void;
