import { Link } from "react-router";
import type { PolicyVersion } from "@/api/schema";
import { has, useMe } from "@/session/me";
import { useFormat } from "@/ui/format";
import { type Column, DataTable, OperatorPage } from "@/ui/staff/parts";
import { Empty, Loading, TroubleBox } from "@/ui/states";
import { useWords } from "@/words/language";
import { useActive, useVersions } from "./data";
import { StatusTag } from "./status";
import { ruleWords } from "./words";

/** RulesPage lists the versions of the rules, newest first. */
export default function RulesPage() {
  const w = useWords(ruleWords);
  const { me } = useMe();
  const versions = useVersions();
  const active = useActive();
  const items = versions.data?.items ?? [];
  return (
    <OperatorPage
      title={w.title}
      about={w.about}
      actions={
        has(me, "operator") && (
          <Link className="btn primary" to="/operator/rules/new">
            {w.make}
          </Link>
        )
      }
    >
      {versions.isPending ? (
        <Loading lines={5} height={44} />
      ) : versions.error && !versions.data ? (
        <TroubleBox error={versions.error} retry={() => void versions.refetch()} />
      ) : items.length === 0 ? (
        <div className="card">
          <Empty title={w.none}>{w.noneAbout}</Empty>
        </div>
      ) : (
        <div className="card flush">
          <Versions items={items} active={active.data?.id} />
        </div>
      )}
    </OperatorPage>
  );
}

function Versions({ items, active }: { items: PolicyVersion[]; active?: string }) {
  const w = useWords(ruleWords);
  const f = useFormat();
  const columns: Column<PolicyVersion>[] = [
    {
      title: w.version,
      cell: (v) => (
        <span className="stack tight" style={{ gap: 0 }}>
          <Link to={`/operator/rules/${v.id}`}>{v.name}</Link>
          <span className="faint">
            <code>{v.id}</code>
          </span>
          {v.summary && <span className="muted">{v.summary}</span>}
        </span>
      ),
    },
    {
      title: w.status,
      cell: (v) => (
        <span className="row">
          <StatusTag status={v.status} />
          {v.id === active && <span className="faint">{w.routing}</span>}
        </span>
      ),
    },
    { title: w.notice, cell: (v) => (v.major ? w.major : w.minor) },
    { title: w.made, cell: (v) => f.moment(v.created_at) },
    {
      title: w.approvals,
      cell: (v) => (v.approvals?.length || v.status === "draft" ? w.approved(v.approvals?.length ?? 0) : "–"),
    },
    { title: w.from, cell: (v) => f.moment(v.active_from) || "–" },
    { title: w.retired, cell: (v) => f.moment(v.retired_at) || "–" },
  ];
  return <DataTable label={w.title} columns={columns} rows={items} id={(v) => v.id} />;
}
