import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client";
import type { ConsoleBody } from "@/api/schema";

/** useConsole is what the pages before signing in may offer: mail, a provider, the demonstration's hint. */
export function useConsole() {
  return useQuery({
    queryKey: ["console"],
    staleTime: 300_000,
    queryFn: () => must<ConsoleBody>(api.GET("/v1/console")),
  });
}
