import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { lazy, Suspense, useState } from "react";
import { Link, useBlocker, useNavigate, useParams, useSearchParams } from "react-router";
import { api, must } from "@/api/client";
import type { PolicyVersion } from "@/api/schema";
import { has, useMe } from "@/session/me";
import { Button, Field, Notice } from "@/ui/kit";
import { OperatorPage } from "@/ui/staff/parts";
import { Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useWords } from "@/words/language";
import { Changes } from "./changes";
import { CheckPanel, useCheck } from "./check";
import { useActive } from "./data";
import { Life } from "./life";
import { Replay } from "./replay";
import { Shadow } from "./shadow";
import { ruleWords } from "./words";
import "./rules.css";

const Editor = lazy(() => import("./editor"));
type Tab = "text" | "changes" | "replay" | "shadow";

const useVersion = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: ["policy", id],
    enabled,
    queryFn: () => must<PolicyVersion>(api.GET("/v1/policies/{id}", { params: { path: { id } } })),
  });

/** RulePage is one version of the rules, or with the id "new" a text that becomes one. */
export default function RulePage() {
  const { id = "" } = useParams();
  const [params] = useSearchParams();
  const from = params.get("from") ?? "";
  const fresh = id === "new";
  const active = useActive();
  const version = useVersion(fresh ? from : id, fresh ? from !== "" : true);
  const start = fresh && !from ? active : version;
  if (start.isPending || active.isPending)
    return (
      <main id="main" className="page">
        <Loading lines={8} height={30} />
      </main>
    );
  // A text that is being written is not taken away because asking anew has failed.
  const error = start.data === undefined ? start.error : active.data === undefined ? active.error : null;
  if (error)
    return (
      <main id="main" className="page">
        <TroubleBox error={error} retry={() => void start.refetch()} />
      </main>
    );
  const text = start.data?.source ?? "";
  return fresh ? (
    <Fresh key={`new-${from}`} start={text} active={active.data ?? undefined} />
  ) : (
    version.data && <Kept key={id} version={version.data} active={active.data ?? undefined} />
  );
}

function useTab(tabs: Tab[]): Tab {
  const [params] = useSearchParams();
  return tabs.find((t) => t === params.get("tab")) ?? "text";
}

function TabBar({ tabs, tab }: { tabs: Tab[]; tab: Tab }) {
  const w = useWords(ruleWords);
  const [params] = useSearchParams();
  return (
    <nav className="rules-tabs" aria-label={w.title}>
      {tabs.map((t) => {
        const search = new URLSearchParams(params);
        if (t === "text") search.delete("tab");
        else search.set("tab", t);
        return (
          <Link
            key={t}
            to={{ search: search.toString() }}
            replace
            aria-current={t === tab ? "page" : undefined}
            state={{ tab: true }}
          >
            {w[t]}
          </Link>
        );
      })}
    </nav>
  );
}

/** Kept is a version that the desk keeps: its text can be read, its life led on. */
function Kept({ version: v, active }: { version: PolicyVersion; active?: PolicyVersion }) {
  const w = useWords(ruleWords);
  const { me } = useMe();
  const operator = has(me, "operator");
  const tabs: Tab[] = operator ? ["text", "changes", "replay", "shadow"] : ["text", "changes", "shadow"];
  const tab = useTab(tabs);
  const check = useCheck(v.source, operator && tab !== "shadow");
  const [place, setPlace] = useState<{ line: number; column: number }>();
  return (
    <OperatorPage title={v.name} about={<code>{v.id}</code>}>
      {me && <Life version={v} me={me} />}
      <TabBar tabs={tabs} tab={tab} />
      {tab === "text" && (
        <div className={operator ? "rules-desk" : undefined}>
          <Suspense fallback={<Loading lines={12} />}>
            <Editor value={v.source} label={w.text} problems={check.data?.problems ?? undefined} go={place} />
          </Suspense>
          {operator && <CheckPanel check={check} go={setPlace} />}
        </div>
      )}
      {tab === "changes" && (
        <Changes active={active?.source} source={v.source} changes={check.data?.changes ?? undefined} />
      )}
      {tab === "replay" && <Replay source={v.source} />}
      {tab === "shadow" && <Shadow id={v.id} />}
    </OperatorPage>
  );
}

/** Fresh is a text that somebody writes; it lives in this page alone until it is saved as a draft. */
function Fresh({ start, active }: { start: string; active?: PolicyVersion }) {
  const w = useWords(ruleWords);
  const tabs: Tab[] = ["text", "changes", "replay"];
  const tab = useTab(tabs);
  const [source, setSource] = useState(start);
  const [place, setPlace] = useState<{ line: number; column: number }>();
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState(false);
  const check = useCheck(source, true);
  const wrong = (check.data?.problems?.length ?? 0) > 0;
  const changed = source !== start && !saved;
  useBlocker(({ currentLocation, nextLocation }) => {
    if (!changed || currentLocation.pathname === nextLocation.pathname) return false;
    return nextLocation.pathname.startsWith("/operator/rules/P") ? false : !window.confirm(w.unsaved);
  });
  return (
    <OperatorPage
      title={w.newTitle}
      about={w.newAbout}
      actions={
        <Button
          kind="primary"
          disabled={!check.data || check.behind || wrong || source === active?.source}
          onClick={() => setSaving(true)}
        >
          {w.save}
        </Button>
      }
    >
      <TabBar tabs={tabs} tab={tab} />
      {tab === "text" && (
        <div className="rules-desk">
          <Suspense fallback={<Loading lines={12} />}>
            <Editor
              value={source}
              onChange={setSource}
              label={w.text}
              problems={check.data?.problems ?? undefined}
              go={place}
            />
          </Suspense>
          <CheckPanel check={check} go={setPlace} />
        </div>
      )}
      {tab === "changes" && (
        <Changes active={active?.source} source={source} changes={wrong ? undefined : (check.data?.changes ?? [])} />
      )}
      {tab === "replay" && <Replay source={source} />}
      {saving && (
        <Save
          source={source}
          major={check.data?.changes?.some((c) => c.major) ?? false}
          failing={check.data?.failed?.length ?? 0}
          onSaved={() => setSaved(true)}
          onClose={() => setSaving(false)}
        />
      )}
    </OperatorPage>
  );
}

function Save({
  source,
  major,
  failing,
  onSaved,
  onClose,
}: {
  source: string;
  major: boolean;
  failing: number;
  onSaved: () => void;
  onClose: () => void;
}) {
  const w = useWords(ruleWords);
  const trouble = useTroubleText();
  const go = useNavigate();
  const queries = useQueryClient();
  const [summary, setSummary] = useState("");
  const [said, setSaid] = useState(false);
  const save = useMutation({
    mutationFn: () => must<PolicyVersion>(api.POST("/v1/policies", { body: { source, summary, major: said } })),
    onSuccess: (v) => {
      onSaved();
      queries.setQueryData(["policy", v.id], v);
      void queries.invalidateQueries({ queryKey: ["policies"] });
      toast(w.saved);
      void go(`/operator/rules/${v.id}`);
    },
  });
  return (
    <Modal
      open
      title={w.saveTitle}
      okText={w.save}
      confirmLoading={save.isPending}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <div className="stack">
        {failing > 0 && <Notice tone="amber">{w.failing(failing)}</Notice>}
        <Field label={w.summary} hint={w.summaryHint}>
          {(ids) => (
            <textarea
              {...ids}
              className="area"
              maxLength={2000}
              value={summary}
              onChange={(e) => setSummary(e.target.value)}
            />
          )}
        </Field>
        <label className="row" style={{ flexWrap: "nowrap", alignItems: "flex-start" }}>
          <input
            type="checkbox"
            checked={said || major}
            disabled={major}
            onChange={(e) => setSaid(e.target.checked)}
            style={{ marginTop: 5 }}
          />
          <span>
            {w.saidMajor}
            <br />
            <span className="faint">{w.saidMajorHint}</span>
          </span>
        </label>
        {save.error && (
          <Notice tone="seal" alert>
            {trouble(save.error)}
          </Notice>
        )}
      </div>
    </Modal>
  );
}
