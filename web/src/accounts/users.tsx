import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Dropdown, Modal } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { api, must } from "@/api/client";
import type { ListUserBody, OnceLink, ProfileBody, UserAddedOutputBody, UserBody } from "@/api/schema";
import { useMe } from "@/session/me";
import { useFormat } from "@/ui/format";
import { Button, Tag } from "@/ui/kit";
import { type Column, DataTable, OperatorPage, partWords, Secret } from "@/ui/staff/parts";
import { Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { parties, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { roleNames, UserForm } from "./user-form";
import { userWords } from "./user-words";

/** UsersPage keeps the accounts: who may sign in, as what. */
export default function UsersPage() {
  const w = useWords(userWords);
  const queries = useQueryClient();
  const [editing, setEditing] = useState<UserBody | "new">();
  const [link, setLink] = useState("");
  const users = useQuery({ queryKey: ["users"], queryFn: () => must<ListUserBody>(api.GET("/v1/users")) });
  const save = useMutation({
    mutationFn: async (body: ProfileBody) => {
      if (editing === "new") return must<UserAddedOutputBody>(api.POST("/v1/users", { body }));
      const path = { id: editing?.id ?? "" };
      await api.PUT("/v1/users/{id}", { params: { path }, body });
      return undefined;
    },
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["users"] });
      setEditing(undefined);
      if (made) setLink(made.url);
      else toast(w.saved);
    },
  });
  const edit = (u: UserBody | "new" | undefined) => {
    save.reset();
    setEditing(u);
  };
  return (
    <OperatorPage
      title={w.title}
      about={w.about}
      actions={
        <Button kind="primary" onClick={() => edit("new")}>
          {w.add}
        </Button>
      }
    >
      {users.data ? (
        <Users users={users.data.items ?? []} edit={edit} show={setLink} />
      ) : users.error ? (
        <TroubleBox error={users.error} retry={() => void users.refetch()} />
      ) : (
        <Loading lines={8} height={44} />
      )}
      {editing && (
        <UserForm
          user={editing === "new" ? undefined : editing}
          busy={save.isPending}
          error={save.error}
          onSave={(p) => save.mutate(p)}
          onClose={() => edit(undefined)}
        />
      )}
      <LinkShown url={link} onClose={() => setLink("")} />
    </OperatorPage>
  );
}

function LinkShown({ url, onClose }: { url: string; onClose: () => void }) {
  const w = useWords(userWords);
  const parts = useWords(partWords);
  return (
    <Modal
      open={url !== ""}
      title={w.addedTitle}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={<Button onClick={onClose}>{parts.close}</Button>}
    >
      <div className="stack">
        <p>{w.linkAbout}</p>
        <Secret label={w.link} text={url} />
      </div>
    </Modal>
  );
}

function Users({ users, edit, show }: { users: UserBody[]; edit: (u: UserBody) => void; show: (url: string) => void }) {
  const w = useWords(userWords);
  const parts = useWords(partWords);
  const word = useWord();
  const [params, setParams] = useSearchParams();
  const [q, setQ] = useState("");
  const role = params.get("role") ?? "";
  const needle = q.trim().toLowerCase();
  const rows = users.filter(
    (u) =>
      (!role || u.roles?.includes(role)) &&
      [u.login, u.name, u.party, u.email].some((t) => t?.toLowerCase().includes(needle)),
  );
  return (
    <>
      <search className="op-filters">
        {/* Names are personal: they stay out of the address. */}
        <input
          className="input"
          type="search"
          aria-label={w.search}
          placeholder={w.search}
          value={q}
          onChange={(e) => setQ(e.target.value)}
        />
        <select
          className="select"
          aria-label={w.role}
          value={role}
          onChange={(e) => setParams(e.target.value ? { role: e.target.value } : {}, { replace: true })}
        >
          <option value="">{`${w.role}: ${parts.all}`}</option>
          {roleNames.map((r) => (
            <option key={r} value={r}>
              {word(parties, r)}
            </option>
          ))}
        </select>
      </search>
      <div className="card flush">
        {rows.length === 0 ? <p className="foot">{w.none}</p> : <UserTable rows={rows} edit={edit} show={show} />}
      </div>
    </>
  );
}

function UserTable({
  rows,
  edit,
  show,
}: {
  rows: UserBody[];
  edit: (u: UserBody) => void;
  show: (url: string) => void;
}) {
  const w = useWords(userWords);
  const word = useWord();
  const f = useFormat();
  const columns: Column<UserBody>[] = [
    {
      title: w.who,
      cell: (u) => (
        <span className="op-two">
          <span>{u.name || u.login}</span>
          <span className="faint">{[u.login, u.email].filter(Boolean).join(" · ")}</span>
        </span>
      ),
    },
    {
      title: w.roles,
      cell: (u) => (
        <span className="op-two">
          <span>{u.roles?.map((r) => word(parties, r)).join(", ")}</span>
          {u.party && <code className="faint">{u.party}</code>}
        </span>
      ),
    },
    { title: w.state, cell: (u) => <Tag tone={u.disabled ? "plain" : "good"}>{u.disabled ? w.off : w.working}</Tag> },
    {
      title: w.security,
      cell: (u) =>
        [!u.password && !u.provider && w.noPassword, u.provider && w.provider, u.totp ? w.totp : w.noTotp]
          .filter(Boolean)
          .join(", "),
    },
    { title: w.since, cell: (u) => f.day(u.created_at) },
    { title: w.edit, acts: true, cell: (u) => <UserActs user={u} edit={edit} show={show} /> },
  ];
  return <DataTable label={w.title} columns={columns} rows={rows} id={(u) => u.id} />;
}

function UserActs({
  user: u,
  edit,
  show,
}: {
  user: UserBody;
  edit: (u: UserBody) => void;
  show: (url: string) => void;
}) {
  const w = useWords(userWords);
  const { me } = useMe();
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const { modal } = App.useApp();
  const who = u.name || u.login;
  const path = { id: u.id };
  const newLink = async () => {
    try {
      show((await must<OnceLink>(api.POST("/v1/users/{id}/password-link", { params: { path } }))).url);
    } catch (error) {
      toast(trouble(error));
    }
  };
  const removeTotp = async () => {
    try {
      await api.DELETE("/v1/users/{id}/totp", { params: { path } });
      void queries.invalidateQueries({ queryKey: ["users"] });
      toast(w.removed);
    } catch (error) {
      toast(trouble(error));
    }
  };
  const items = [
    {
      key: "link",
      label: w.newLink,
      onClick: () => modal.confirm({ title: w.newLinkTitle(who), content: w.newLinkAbout, onOk: newLink }),
    },
    ...(u.totp && u.id !== me?.id
      ? [
          {
            key: "totp",
            danger: true,
            label: w.removeTotp,
            onClick: () =>
              modal.confirm({
                title: w.removeTotpTitle(who),
                content: w.removeTotpAbout,
                okText: w.removeTotp,
                okButtonProps: { danger: true },
                onOk: removeTotp,
              }),
          },
        ]
      : []),
  ];
  return (
    <span className="row">
      <Button className="op-small" onClick={() => edit(u)}>
        {w.edit}
      </Button>
      <Dropdown trigger={["click"]} menu={{ items }}>
        <button type="button" className="btn op-small" aria-label={w.more(who)}>
          ⋯
        </button>
      </Dropdown>
    </span>
  );
}
