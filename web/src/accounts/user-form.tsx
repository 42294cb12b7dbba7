import { Modal } from "antd";
import { useState } from "react";
import type { ProfileBody, UserBody } from "@/api/schema";
import { Field, Notice } from "@/ui/kit";
import { partWords } from "@/ui/staff/parts";
import { useTroubleText, wrongAt } from "@/ui/states";
import type { Role } from "@/words/codes";
import { parties, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { userWords } from "./user-words";

export const roleNames: readonly Role[] = ["reviewer", "senior_reviewer", "operator", "auditor", "merchant", "buyer"];

/** profileOf is what of an account can be changed. */
export function profileOf(u?: UserBody): ProfileBody {
  return {
    login: u?.login ?? "",
    name: u?.name ?? "",
    email: u?.email,
    roles: u?.roles ?? [],
    party: u?.party,
    conflicts: u?.conflicts,
    language: u?.language as ProfileBody["language"],
    disabled: u?.disabled,
  };
}

/** UserForm asks for an account's profile; the server's complaints stand at their fields. */
export function UserForm({
  user,
  busy,
  error,
  onSave,
  onClose,
}: {
  user?: UserBody;
  busy: boolean;
  error: unknown;
  onSave: (p: ProfileBody) => void;
  onClose: () => void;
}) {
  const w = useWords(userWords);
  const parts = useWords(partWords);
  const trouble = useTroubleText();
  const [p, setP] = useState(() => profileOf(user));
  const [conflicts, setConflicts] = useState((user?.conflicts ?? []).join("\n"));
  const roles = p.roles ?? [];
  const set = (change: Partial<ProfileBody>) => setP((old) => ({ ...old, ...change }));
  const text = (key: "login" | "name" | "email" | "party", label: string, hint?: string, more = {}) => (
    <Field label={label} hint={hint} wrong={wrongAt(error, key)}>
      {(ids) => (
        <input
          {...ids}
          className="input"
          autoComplete="off"
          maxLength={100}
          value={p[key] ?? ""}
          onChange={(e) => set({ [key]: e.target.value })}
          {...more}
        />
      )}
    </Field>
  );
  const save = () =>
    onSave({
      ...p,
      login: p.login.trim(),
      email: p.email?.trim() || undefined,
      party: p.party?.trim() || undefined,
      conflicts: conflicts
        .split(/[\s,，]+/)
        .map((c) => c.trim())
        .filter(Boolean),
    });
  return (
    <Modal
      open
      title={user ? `${w.edit} · ${user.name || user.login}` : w.add}
      okText={parts.save}
      confirmLoading={busy}
      okButtonProps={{ disabled: p.login.trim().length < 2 || roles.length === 0 }}
      onOk={save}
      onCancel={onClose}
    >
      <div className="stack">
        {!!error && (
          <Notice tone="seal" alert>
            {trouble(error)}
          </Notice>
        )}
        {text("login", w.login, w.loginHint, { autoCapitalize: "none", spellCheck: false })}
        {text("name", w.name)}
        {text("email", w.email, w.emailHint, { type: "email", maxLength: 254 })}
        <Roles of={roles} set={(next) => set({ roles: next })} />
        {roles.some((r) => r === "merchant" || r === "buyer") && text("party", w.party, w.partyHint)}
        <Field label={w.conflicts} hint={w.conflictsHint} wrong={wrongAt(error, "conflicts")}>
          {(ids) => (
            <textarea
              {...ids}
              className="area"
              style={{ minHeight: 64 }}
              value={conflicts}
              onChange={(e) => setConflicts(e.target.value)}
            />
          )}
        </Field>
        <Field label={w.language}>
          {(ids) => (
            <select
              {...ids}
              className="select"
              value={p.language ?? ""}
              onChange={(e) => set({ language: (e.target.value || undefined) as ProfileBody["language"] })}
            >
              <option value="">{w.noLanguage}</option>
              <option value="zh">简体中文</option>
              <option value="en">English</option>
            </select>
          )}
        </Field>
        {user && (
          <label className="op-check">
            <input
              type="checkbox"
              checked={p.disabled ?? false}
              onChange={(e) => set({ disabled: e.target.checked })}
            />
            <span>
              {w.disabled}
              <span className="faint"> · {w.disabledHint}</span>
            </span>
          </label>
        )}
      </div>
    </Modal>
  );
}

/** Roles ticks what somebody may be here. */
function Roles({ of, set }: { of: readonly string[]; set: (roles: string[]) => void }) {
  const w = useWords(userWords);
  const word = useWord();
  return (
    <fieldset className="op-checks">
      <legend>{w.roles}</legend>
      {roleNames.map((r) => (
        <label key={r}>
          <input
            type="checkbox"
            checked={of.includes(r)}
            onChange={(e) => set(e.target.checked ? [...of, r] : of.filter((x) => x !== r))}
          />
          {word(parties, r)}
        </label>
      ))}
    </fieldset>
  );
}
