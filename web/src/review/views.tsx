import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Popover } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { useTroubleText } from "@/ui/states";
import { useWords } from "@/words/language";
import { viewsQuery } from "./data";
import { reviewWords } from "./words";

/** Views keeps sets of filters under names, at the server, for the account. */
export function Views({ query, onOpen }: { query: string; onOpen: (query: string) => void }) {
  const w = useWords(reviewWords);
  const trouble = useTroubleText();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const views = useQuery(viewsQuery);
  const [name, setName] = useState("");
  const changed = () => void queries.invalidateQueries({ queryKey: ["views"] });
  const failed = (e: unknown) => void message.error(trouble(e));
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
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className="stack tight" style={{ width: 260 }}>
          {mine.map((v) => (
            <div key={v.id} className="row between">
              <Button type="link" size="small" onClick={() => onOpen(v.query)}>
                {v.name}
              </Button>
              <Button type="text" size="small" aria-label={`${w.remove} ${v.name}`} onClick={() => remove.mutate(v.id)}>
                ✕
              </Button>
            </div>
          ))}
          {mine.length === 0 && !query && <p className="muted">{w.viewsNone}</p>}
          {query && (
            <form
              className="row"
              onSubmit={(e) => {
                e.preventDefault();
                if (name.trim()) save.mutate();
              }}
            >
              <Input
                className="grow"
                size="small"
                maxLength={40}
                aria-label={w.viewName}
                placeholder={w.viewName}
                value={name}
                onChange={(e) => setName(e.target.value)}
              />
              <Button size="small" htmlType="submit" loading={save.isPending}>
                {w.saveView}
              </Button>
            </form>
          )}
        </div>
      }
    >
      <Button>{w.views}</Button>
    </Popover>
  );
}
