import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { useState } from "react";
import { api, must } from "@/api/client";
import type { HookBody, HookMadeOutputBody, Webhook } from "@/api/schema";
import { Button, Field, Notice } from "@/ui/kit";
import { partWords, Secret } from "@/ui/staff/parts";
import { useTroubleText, wrongAt } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useWord } from "@/words/domain";
import { events } from "@/words/events";
import { useWords } from "@/words/language";
import { topics as known } from "./topics";
import { hookWords } from "./words";

const listed = (text: string) => text.split(/[\s,，]+/).filter(Boolean);

/** HookForm adds a webhook, whose secret it then shows once, or changes one. */
export function HookForm({ hook, onClose }: { hook?: Webhook; onClose: () => void }) {
  const w = useWords(hookWords);
  const parts = useWords(partWords);
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const [url, setUrl] = useState(hook?.url ?? "");
  const [topics, setTopics] = useState((hook?.topics ?? []).join("\n"));
  const [disabled, setDisabled] = useState(hook?.disabled ?? false);
  const save = useMutation({
    mutationFn: async () => {
      const body: HookBody = { url: url.trim(), topics: listed(topics), disabled };
      if (!hook) return must<HookMadeOutputBody>(api.POST("/v1/webhooks", { body }));
      await api.PUT("/v1/webhooks/{id}", { params: { path: { id: hook.id } }, body });
      return undefined;
    },
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["webhooks"] });
      if (made) return;
      toast(w.saved);
      onClose();
    },
  });
  if (save.data)
    return (
      <Modal
        open
        title={w.made}
        mask={{ closable: false }}
        onCancel={onClose}
        footer={<Button onClick={onClose}>{parts.close}</Button>}
      >
        <div className="stack">
          <p>{w.secretAbout}</p>
          <Secret label={w.secret} text={save.data.secret} />
        </div>
      </Modal>
    );
  return (
    <Modal
      open
      title={hook ? w.edit : w.add}
      okText={parts.save}
      confirmLoading={save.isPending}
      okButtonProps={{ disabled: url.trim().length < 8 }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <div className="stack">
        {save.error && (
          <Notice tone="seal" alert>
            {trouble(save.error)}
          </Notice>
        )}
        <Field label={w.url} hint={w.urlHint} wrong={wrongAt(save.error, "url")}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              type="url"
              inputMode="url"
              maxLength={2000}
              placeholder="https://"
              value={url}
              onChange={(e) => setUrl(e.target.value)}
            />
          )}
        </Field>
        <Field label={w.topics} hint={w.topicsHint} wrong={wrongAt(save.error, "topics")}>
          {(ids) => (
            <textarea
              {...ids}
              className="area"
              spellCheck={false}
              value={topics}
              onChange={(e) => setTopics(e.target.value)}
            />
          )}
        </Field>
        <Choice chosen={listed(topics)} onChange={(list) => setTopics(list.join("\n"))} />
        {hook && (
          <label className="op-check">
            <input type="checkbox" checked={disabled} onChange={(e) => setDisabled(e.target.checked)} />
            {w.disabled}
          </label>
        )}
      </div>
    </Modal>
  );
}

/** Choice ticks events instead of typing them. */
function Choice({ chosen, onChange }: { chosen: string[]; onChange: (list: string[]) => void }) {
  const w = useWords(hookWords);
  const word = useWord();
  return (
    <details>
      <summary>{w.choose}</summary>
      <div className="op-topics">
        {known.map((topic) => (
          <label className="op-check" key={topic}>
            <input
              type="checkbox"
              checked={chosen.includes(topic)}
              onChange={(e) => onChange(e.target.checked ? [...chosen, topic] : chosen.filter((t) => t !== topic))}
            />
            <span>
              {events[topic] ? word(events, topic) : w.ordered} <code className="muted">{topic}</code>
            </span>
          </label>
        ))}
      </div>
    </details>
  );
}
