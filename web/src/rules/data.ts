import { useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client";
import type { ListPolicyVersion, LoadedOutputBody, PolicyVersion } from "@/api/schema";

/** useVersions are all versions of the rules, newest first. */
export const useVersions = () =>
  useQuery({ queryKey: ["policies"], queryFn: () => must<ListPolicyVersion>(api.GET("/v1/policies")) });

/** useActive is the version that routes claims now. */
export function useActive() {
  return useQuery({
    queryKey: ["policy", "active"],
    queryFn: async () => {
      const { id } = await must<LoadedOutputBody>(api.GET("/v1/policies/active"));
      if (!id) return null;
      return must<PolicyVersion>(api.GET("/v1/policies/{id}", { params: { path: { id } } }));
    },
  });
}
