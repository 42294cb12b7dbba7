import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { api, must } from "@/api/client";
import type { TestedOutputBody, Webhook } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button, Notice, Tag } from "@/ui/kit";
import { OperatorPage } from "@/ui/staff/parts";
import { Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useWords } from "@/words/language";
import { Deliveries } from "./deliveries";
import { HookForm } from "./form";
import { hookWords } from "./words";

/** WebhookPage is one webhook: its settings, a test, and the log of its deliveries. */
export default function WebhookPage() {
  const { id = "" } = useParams();
  const hook = useQuery({
    queryKey: ["webhooks", id],
    queryFn: () => must<Webhook>(api.GET("/v1/webhooks/{id}", { params: { path: { id } } })),
  });
  if (hook.data) return <Hook hook={hook.data} />;
  return (
    <main id="main" className="page">
      {hook.error ? (
        <TroubleBox error={hook.error} retry={() => void hook.refetch()} />
      ) : (
        <Loading lines={6} height={40} />
      )}
    </main>
  );
}

function Hook({ hook }: { hook: Webhook }) {
  const w = useWords(hookWords);
  const f = useFormat();
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const go = useNavigate();
  const { modal } = App.useApp();
  const [editing, setEditing] = useState(false);
  const path = { id: hook.id };
  const test = useMutation({
    mutationFn: () => must<TestedOutputBody>(api.POST("/v1/webhooks/{id}/test", { params: { path } })),
    onSuccess: () => {
      toast(w.tested);
      void queries.invalidateQueries({ queryKey: ["deliveries", hook.id] });
    },
  });
  const remove = useMutation({
    mutationFn: () => api.DELETE("/v1/webhooks/{id}", { params: { path } }),
    onSuccess: () => {
      toast(w.removed);
      void queries.invalidateQueries({ queryKey: ["webhooks"], exact: true });
      void go("/operator/webhooks");
    },
  });
  const error = test.error ?? remove.error;
  return (
    <OperatorPage
      title={<span className="op-url">{hook.url}</span>}
      actions={
        <>
          <Button busy={test.isPending} disabled={hook.disabled} onClick={() => test.mutate()}>
            {w.test}
          </Button>
          <Button onClick={() => setEditing(true)}>{w.edit}</Button>
          <Button
            kind="danger"
            onClick={() =>
              modal.confirm({
                title: w.removeTitle,
                content: w.removeAbout,
                okText: w.remove,
                okButtonProps: { danger: true },
                onOk: () => remove.mutateAsync().catch(() => undefined),
              })
            }
          >
            {w.remove}
          </Button>
        </>
      }
    >
      {error && (
        <Notice tone="seal" alert>
          {trouble(error)}
        </Notice>
      )}
      <section className="card">
        <dl className="op-facts">
          <dt>{w.state}</dt>
          <dd>
            <Tag tone={hook.disabled ? "plain" : "good"}>{hook.disabled ? w.off : w.on}</Tag>
          </dd>
          <dt>{w.topics}</dt>
          <dd>{hook.topics?.length ? hook.topics.join(", ") : w.all}</dd>
          <dt>{w.since}</dt>
          <dd>{f.moment(hook.created_at, true)}</dd>
        </dl>
      </section>
      <Deliveries hook={hook.id} />
      {editing && <HookForm hook={hook} onClose={() => setEditing(false)} />}
    </OperatorPage>
  );
}
