import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Modal } from "antd";
import { useState } from "react";
import { api, must } from "@/api/client";
import type { Key, KeyBody, KeyIssuedOutputBody, ListKey } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button, Field, Notice, Tag } from "@/ui/kit";
import { type Column, DataTable, OperatorPage, partWords, Secret } from "@/ui/staff/parts";
import { midnight } from "@/ui/staff/range";
import { Empty, Loading, TroubleBox, useTroubleText, wrongAt } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { keyWords, scopes, usual } from "./key-words";

/** KeysPage issues and revokes keys of the API; a key's secret is shown once. */
export default function KeysPage() {
  const w = useWords(keyWords);
  const [issuing, setIssuing] = useState(false);
  const keys = useQuery({ queryKey: ["keys"], queryFn: () => must<ListKey>(api.GET("/v1/keys")) });
  const items = keys.data?.items ?? [];
  return (
    <OperatorPage
      title={w.title}
      about={w.about}
      actions={
        <Button kind="primary" onClick={() => setIssuing(true)}>
          {w.issue}
        </Button>
      }
    >
      {keys.isPending ? (
        <Loading lines={4} height={44} />
      ) : keys.error && !keys.data ? (
        <TroubleBox error={keys.error} retry={() => void keys.refetch()} />
      ) : (
        <div className="card flush">
          {items.length === 0 ? <Empty title={w.none}>{w.noneAbout}</Empty> : <Keys items={items} />}
        </div>
      )}
      {issuing && <Issue onClose={() => setIssuing(false)} />}
    </OperatorPage>
  );
}

function stateOf(k: Key): "working" | "revoked" | "expired" {
  if (k.revoked) return "revoked";
  return k.expires && new Date(k.expires) < new Date() ? "expired" : "working";
}

function Keys({ items }: { items: Key[] }) {
  const w = useWords(keyWords);
  const word = useWord();
  const f = useFormat();
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const { modal } = App.useApp();
  const revoke = async (id: string) => {
    try {
      await api.DELETE("/v1/keys/{id}", { params: { path: { id } } });
      toast(w.done);
    } catch (error) {
      toast(trouble(error));
    }
    void queries.invalidateQueries({ queryKey: ["keys"] });
  };
  const columns: Column<Key>[] = [
    {
      title: w.name,
      cell: (k) => (
        <span className="op-two">
          <span>{k.name}</span>
          <code className="faint">{k.id}</code>
        </span>
      ),
    },
    {
      title: w.scopes,
      cell: (k) => (
        <span className="op-two">
          <span>{k.scopes?.includes("*") ? w.everything : k.scopes?.map((s) => word(scopes, s)).join(", ")}</span>
          {k.party && <code className="faint">{k.party}</code>}
        </span>
      ),
    },
    {
      title: w.state,
      cell: (k) => <Tag tone={stateOf(k) === "working" ? "good" : "plain"}>{w[stateOf(k)]}</Tag>,
    },
    { title: w.since, cell: (k) => f.day(k.created_at) },
    { title: w.until, cell: (k) => (k.expires ? f.day(k.expires) : w.never) },
    {
      title: w.revoke,
      acts: true,
      cell: (k) =>
        stateOf(k) === "working" && (
          <Button
            kind="danger"
            className="op-small"
            onClick={() =>
              modal.confirm({
                title: w.revokeTitle(k.name),
                content: w.revokeAbout,
                okText: w.revoke,
                okButtonProps: { danger: true },
                onOk: () => revoke(k.id),
              })
            }
          >
            {w.revoke}
          </Button>
        ),
    },
  ];
  return <DataTable label={w.title} columns={columns} rows={items} id={(k) => k.id} />;
}

function Issue({ onClose }: { onClose: () => void }) {
  const w = useWords(keyWords);
  const parts = useWords(partWords);
  const trouble = useTroubleText();
  const word = useWord();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [party, setParty] = useState("");
  const [expires, setExpires] = useState("");
  const [chosen, setChosen] = useState<string[]>(usual);
  const issue = useMutation({
    mutationFn: () => {
      const body: KeyBody = { name: name.trim(), scopes: chosen, party: party.trim() || undefined };
      // The chosen day is the last on which the key works.
      if (expires) body.expires = midnight(expires, 1)?.toISOString();
      return must<KeyIssuedOutputBody>(api.POST("/v1/keys", { body }));
    },
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  if (issue.data)
    return (
      <Modal
        open
        title={w.shown}
        mask={{ closable: false }}
        onCancel={onClose}
        footer={<Button onClick={onClose}>{parts.close}</Button>}
      >
        <Secret label={`${w.secret} · ${issue.data.key.name}`} text={issue.data.secret} />
      </Modal>
    );
  return (
    <Modal
      open
      title={w.issue}
      okText={w.issue}
      confirmLoading={issue.isPending}
      okButtonProps={{ disabled: !name.trim() || chosen.length === 0 }}
      onOk={() => issue.mutate()}
      onCancel={onClose}
    >
      <div className="stack">
        {issue.error && (
          <Notice tone="seal" alert>
            {trouble(issue.error)}
          </Notice>
        )}
        <Field label={w.name} hint={w.nameHint} wrong={wrongAt(issue.error, "name")}>
          {(ids) => (
            <input {...ids} className="input" maxLength={100} value={name} onChange={(e) => setName(e.target.value)} />
          )}
        </Field>
        <fieldset className="op-checks">
          <legend>{w.scopes}</legend>
          {Object.keys(scopes).map((s) => (
            <label key={s}>
              <input
                type="checkbox"
                checked={chosen.includes(s)}
                onChange={(e) => setChosen((c) => (e.target.checked ? [...c, s] : c.filter((x) => x !== s)))}
              />
              {word(scopes, s)}
            </label>
          ))}
        </fieldset>
        <Field label={w.party} hint={w.partyHint} wrong={wrongAt(issue.error, "party")}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              maxLength={100}
              value={party}
              onChange={(e) => setParty(e.target.value)}
            />
          )}
        </Field>
        <Field label={w.expires} hint={w.expiresHint} wrong={wrongAt(issue.error, "expires")}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              type="date"
              value={expires}
              onChange={(e) => setExpires(e.target.value)}
            />
          )}
        </Field>
      </div>
    </Modal>
  );
}
