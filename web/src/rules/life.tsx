import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Modal } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api, must } from "@/api/client";
import type { ListUserBody, Me, PolicyVersion } from "@/api/schema";
import { has } from "@/session/me";
import { useFormat } from "@/ui/format";
import { Button, Field, Notice } from "@/ui/kit";
import { useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useWords } from "@/words/language";
import { lifeWords } from "./life-words";
import { StatusTag } from "./status";

/** useNames tells people's names by their ids, where one may know them. */
export function useNames(enabled: boolean) {
  const { data } = useQuery({
    queryKey: ["users", "names"],
    enabled,
    staleTime: 300_000,
    queryFn: () => must<ListUserBody>(api.GET("/v1/users")),
  });
  const names = new Map(data?.items?.map((u) => [u.id, u.name || u.login]));
  return (id: string) => names.get(id) ?? id;
}

/** Life is where a version stands on its way: who wrote and approved it, its notice, and what can be done next. */
export function Life({ version: v, me }: { version: PolicyVersion; me: Me }) {
  const w = useWords(lifeWords);
  const f = useFormat();
  const name = useNames(has(me, "operator"));
  const facts: [string, React.ReactNode][] = [
    [w.status, <StatusTag key="s" status={v.status} />],
    [w.drafted, `${f.moment(v.created_at, true)} · ${v.created_by === "system" ? w.system : name(v.created_by)}`],
    ...(v.approvals ?? []).map((a, i): [string, string] => [
      w.approval(i + 1),
      `${f.moment(a.at, true)} · ${name(a.by)}`,
    ]),
    ...(v.announced_at && v.created_by !== "system"
      ? [[w.announced, f.moment(v.announced_at, true)] as [string, string]]
      : []),
    ...(v.active_from ? [[w.from, f.moment(v.active_from, true)] as [string, string]] : []),
    ...(v.retired_at ? [[w.retired, f.moment(v.retired_at, true)] as [string, string]] : []),
    [w.notice, v.major ? w.major : w.minor],
    [w.hash, <code key="h">{v.sha256}</code>],
  ];
  return (
    <section className="card stack">
      {v.summary && <p>{v.summary}</p>}
      <dl className="op-facts">
        {facts.map(([term, text]) => (
          <div key={term} style={{ display: "contents" }}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {has(me, "operator") && v.status !== "retired" && <Acts version={v} me={me} />}
    </section>
  );
}

function Acts({ version: v, me }: { version: PolicyVersion; me: Me }) {
  const w = useWords(lifeWords);
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const { modal } = App.useApp();
  const [approving, setApproving] = useState(false);
  const path = { id: v.id };
  const change = useMutation({
    mutationFn: (move: "shadow" | "unshadow" | "cancel") =>
      move === "cancel"
        ? must<PolicyVersion>(api.POST("/v1/policies/{id}/cancel", { params: { path } }))
        : must<PolicyVersion>(
            api.POST("/v1/policies/{id}/shadow", { params: { path }, body: { on: move === "shadow" } }),
          ),
    onSuccess: (next) => {
      queries.setQueryData(["policy", v.id], next);
      void queries.invalidateQueries({ queryKey: ["policies"] });
      toast(w.done);
    },
  });
  const open = v.status === "draft" || v.status === "shadow";
  const mine = v.approvals?.some((a) => a.by === me.id);
  return (
    <>
      {change.error && (
        <Notice tone="seal" alert>
          {trouble(change.error)}
        </Notice>
      )}
      {open && mine && <Notice tone="amber">{w.another}</Notice>}
      <div className="row">
        {open && !mine && (
          <Button kind="primary" onClick={() => setApproving(true)}>
            {v.approvals?.length ? w.approveSecond : w.approveFirst}
          </Button>
        )}
        {v.status === "draft" && (
          <Button busy={change.isPending} onClick={() => change.mutate("shadow")}>
            {w.shadowOn}
          </Button>
        )}
        {v.status === "shadow" && (
          <Button busy={change.isPending} onClick={() => change.mutate("unshadow")}>
            {w.shadowOff}
          </Button>
        )}
        <Link className="btn" to={`/operator/rules/new?from=${v.id}`}>
          {w.draftFrom}
        </Link>
        {v.status !== "active" && (
          <Button
            kind="danger"
            onClick={() =>
              modal.confirm({
                title: w.cancelTitle,
                content: w.cancelAbout,
                okText: w.cancel,
                okButtonProps: { danger: true },
                onOk: () => change.mutateAsync("cancel").catch(() => undefined),
              })
            }
          >
            {w.cancel}
          </Button>
        )}
      </div>
      {approving && <Approve version={v} onClose={() => setApproving(false)} />}
    </>
  );
}

/** Approve asks for one person's yes; the second one's may name a later start. */
function Approve({ version: v, onClose }: { version: PolicyVersion; onClose: () => void }) {
  const w = useWords(lifeWords);
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const [from, setFrom] = useState("");
  const second = (v.approvals?.length ?? 0) > 0;
  const approve = useMutation({
    mutationFn: () =>
      must<PolicyVersion>(
        api.POST("/v1/policies/{id}/approve", {
          params: { path: { id: v.id } },
          body: { active_from: from ? new Date(from).toISOString() : undefined },
        }),
      ),
    onSuccess: (next) => {
      queries.setQueryData(["policy", v.id], next);
      void queries.invalidateQueries({ queryKey: ["policies"] });
      toast(next.status === "announced" ? w.nowAnnounced : w.approvedOnce);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={second ? w.approveSecond : w.approveFirst}
      okText={w.approve}
      confirmLoading={approve.isPending}
      onOk={() => approve.mutate()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{second ? w.secondAbout(v.major) : w.firstAbout}</p>
        {second && (
          <Field label={w.later} hint={w.laterHint}>
            {(ids) => (
              <input
                {...ids}
                className="input"
                type="datetime-local"
                value={from}
                onChange={(e) => setFrom(e.target.value)}
              />
            )}
          </Field>
        )}
        {approve.error && (
          <Notice tone="seal" alert>
            {trouble(approve.error)}
          </Notice>
        )}
      </div>
    </Modal>
  );
}
