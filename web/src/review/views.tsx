import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { Button, Pop } from "@/ui/kit";
import { useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useWords } from "@/words/language";
import { viewsQuery } from "./data";
import { reviewWords } from "./words";

/** Views keeps sets of filters under names, at the server, for the account. */
export function Views({ query, onOpen }: { query: string; onOpen: (query: string) => void }) {
  const w = useWords(reviewWords);
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const views = useQuery(viewsQuery);
  const [name, setName] = useState("");
  const changed = () => void queries.invalidateQueries({ queryKey: ["views"] });
  const failed = (e: unknown) => void toast(trouble(e));
  const save = useMutation({
    mutationFn: () => api.POST("/v1/me/views", { body: { place: "review", name: name.trim(), query } }),
    onSuccess: () => {
      setName("");
      changed();
    },
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: (id: string) => api.DELETE("/v1/me/views/{id}", { params: { path: { id } } }),
    onSuccess: changed,
    onError: failed,
  });
  const mine = views.data?.items?.filter((v) => v.place === "review") ?? [];
  return (
    <Pop label={w.views}>
      {(close) => (
        <div className="stack tight">
          {mine.map((v) => (
            <div key={v.id} className="row between">
              <Button
                small
                kind="quiet"
                className="grow start"
                onClick={() => {
                  onOpen(v.query);
                  close();
                }}
              >
                {v.name}
              </Button>
              <Button small kind="quiet" aria-label={`${w.remove} ${v.name}`} onClick={() => remove.mutate(v.id)}>
                ✕
              </Button>
            </div>
          ))}
          {mine.length === 0 && !query && <p className="muted">{w.viewsNone}</p>}
          {query && (
            <form
              className="row tight"
              onSubmit={(e) => {
                e.preventDefault();
                if (name.trim()) save.mutate();
              }}
            >
              <input
                className="search grow"
                maxLength={40}
                aria-label={w.viewName}
                placeholder={w.viewName}
                value={name}
                onChange={(e) => setName(e.target.value)}
              />
              <Button type="submit" busy={save.isPending}>
                {w.saveView}
              </Button>
            </form>
          )}
        </div>
      )}
    </Pop>
  );
}
