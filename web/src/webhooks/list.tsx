import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api, must } from "@/api/client";
import type { ListWebhook, Webhook } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button, Tag } from "@/ui/kit";
import { type Column, DataTable, OperatorPage } from "@/ui/staff/parts";
import { Empty, Loading, TroubleBox } from "@/ui/states";
import { useWords } from "@/words/language";
import { HookForm } from "./form";
import { hookWords } from "./words";

/** WebhooksPage lists the addresses that are told what happens. */
export default function WebhooksPage() {
  const w = useWords(hookWords);
  const f = useFormat();
  const [adding, setAdding] = useState(false);
  const hooks = useQuery({ queryKey: ["webhooks"], queryFn: () => must<ListWebhook>(api.GET("/v1/webhooks")) });
  const items = hooks.data?.items ?? [];
  const columns: Column<Webhook>[] = [
    { title: w.url, cell: (h) => <Link to={`/operator/webhooks/${h.id}`}>{h.url}</Link> },
    { title: w.topics, cell: (h) => (h.topics?.length ? h.topics.join(", ") : w.all) },
    { title: w.state, cell: (h) => <Tag tone={h.disabled ? "plain" : "good"}>{h.disabled ? w.off : w.on}</Tag> },
    { title: w.since, cell: (h) => f.day(h.created_at) },
  ];
  return (
    <OperatorPage
      title={w.title}
      about={w.about}
      actions={
        <Button kind="primary" onClick={() => setAdding(true)}>
          {w.add}
        </Button>
      }
    >
      {hooks.isPending ? (
        <Loading lines={4} height={44} />
      ) : hooks.error && !hooks.data ? (
        <TroubleBox error={hooks.error} retry={() => void hooks.refetch()} />
      ) : (
        <div className="card flush">
          {items.length === 0 ? (
            <Empty title={w.none}>{w.noneAbout}</Empty>
          ) : (
            <DataTable label={w.title} columns={columns} rows={items} id={(h) => h.id} />
          )}
        </div>
      )}
      {adding && <HookForm onClose={() => setAdding(false)} />}
    </OperatorPage>
  );
}
