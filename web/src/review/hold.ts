import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Task } from "@/words/codes";
import { lease } from "./data";

/** useHold takes the case for its task and renews that while the page is open. */
export function useHold(id: string, task: Task | undefined) {
  const queries = useQueryClient();
  const take = useMutation({
    mutationFn: (t: Task) => lease(id, t),
    onSuccess: () => {
      for (const key of ["queue", "queue-summary"]) void queries.invalidateQueries({ queryKey: [key] });
      if (task === "reread") void queries.invalidateQueries({ queryKey: ["claim", id] });
    },
  });
  const { mutate } = take;
  useEffect(() => {
    if (!task) return;
    mutate(task);
    const renew = setInterval(() => mutate(task), 5 * 60_000);
    return () => clearInterval(renew);
  }, [mutate, task]);
  return take;
}
