import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { api, at, must } from "@/api/client";
import type { Me } from "@/api/schema";
import { home, useBecome, useMe } from "@/session/me";
import { Button, Field, Notice } from "@/ui/kit";
import { Loading, useTroubleText } from "@/ui/states";
import { useWords } from "@/words/language";
import { useConsole } from "./console";
import { SetUp } from "./set-up";
import { signInWords } from "./words";
import "./account.css";

/** SignIn takes somebody in: password, second factor, and what has to be set up first. */
export default function SignIn() {
  const w = useWords(signInWords);
  const { me, isPending } = useMe();
  const [params] = useSearchParams();
  if (isPending)
    return (
      <main id="main" className="page slim">
        <Loading />
      </main>
    );
  const switching = params.has("switch") && me && !me.pending;
  if (me && !me.pending && !me.set_up?.length && !switching)
    return <Navigate to={inside(params.get("to")) ?? home(me)} replace />;
  return (
    <main id="main" className="page slim stack" style={{ paddingTop: "7vh" }}>
      <h1>{me?.pending ? w.second : me?.set_up?.length ? w.setUp : w.title}</h1>
      <div className="card stack">
        {me?.pending ? <SecondFactor /> : me?.set_up?.length ? <SetUp me={me} /> : <Password />}
      </div>
      {!me?.pending && !me?.set_up?.length && <DemoHint />}
    </main>
  );
}

/** inside lets a page of the console through as a goal, and nothing that leads out of it. */
export function inside(to: string | null): string | undefined {
  if (!to?.startsWith("/") || to.startsWith("//") || to.includes("\\")) return undefined;
  const url = new URL(to, "http://inside");
  return url.host === "inside" ? url.pathname + url.search : undefined;
}

function Password() {
  const w = useWords(signInWords);
  const trouble = useTroubleText();
  const become = useBecome();
  const [params] = useSearchParams();
  const code = params.get("refused") ?? "";
  const refused = Object.hasOwn(w.refused, code) ? w.refused[code] : undefined;
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: () => must<Me>(api.POST("/v1/session", { body: { login: login.trim(), password } })),
    onSuccess: become,
  });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    enter.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      {enter.error && (
        <Notice tone="seal" alert>
          {trouble(enter.error)}
        </Notice>
      )}
      {refused && !enter.error && (
        <Notice tone="seal" alert>
          {refused}
        </Notice>
      )}
      <Field label={w.login}>
        {(ids) => (
          <input
            {...ids}
            className="input"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            maxLength={100}
            value={login}
            onChange={(e) => setLogin(e.target.value)}
          />
        )}
      </Field>
      <Field label={w.password}>
        {(ids) => (
          <input
            {...ids}
            className="input"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            maxLength={512}
            value={password}
            onChange={(e) => setPassword(e.target.value)}
          />
        )}
      </Field>
      <Button type="submit" kind="primary" wide busy={enter.isPending}>
        {w.enter}
      </Button>
      <p className="faint">
        <Link to="/forgot">{w.forgot}</Link>
      </p>
      <Providers />
    </form>
  );
}

/** Providers offers to sign in elsewhere, where the desk is tied to a provider. */
function Providers() {
  const w = useWords(signInWords);
  const [params] = useSearchParams();
  const { data } = useConsole();
  if (!data?.providers?.length) return null;
  const back = new URLSearchParams({ return: inside(params.get("to")) ?? "/" });
  return (
    <div className="stack tight">
      <p className="or">{w.or}</p>
      {data.providers.map((p) => (
        <a key={p.start} className="btn wide" href={`${at(p.start)}?${back}`}>
          {w.provider(p.name)}
        </a>
      ))}
    </div>
  );
}

/** DemoHint says where the accounts of a made-up marketplace are to be found. */
function DemoHint() {
  const w = useWords(signInWords);
  const { data } = useConsole();
  if (!data?.demo) return null;
  return (
    <Notice>
      <strong>{w.demo}</strong>
      <br />
      {w.demoAbout}
    </Notice>
  );
}

function SecondFactor() {
  const w = useWords(signInWords);
  const trouble = useTroubleText();
  const become = useBecome();
  const [code, setCode] = useState("");
  const enter = useMutation({
    mutationFn: () => must<Me>(api.POST("/v1/session/totp", { body: { code: code.replace(/\s/g, "") } })),
    onSuccess: become,
  });
  const back = async () => {
    await api.DELETE("/v1/session").catch(() => undefined);
    become(null);
  };
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        enter.mutate();
      }}
    >
      {enter.error && (
        <Notice tone="seal" alert>
          {trouble(enter.error)}
        </Notice>
      )}
      <Field label={w.code} hint={w.codeHint}>
        {(ids) => (
          <input
            {...ids}
            className="input num"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            minLength={6}
            maxLength={30}
            value={code}
            onChange={(e) => setCode(e.target.value)}
          />
        )}
      </Field>
      <Button type="submit" kind="primary" wide busy={enter.isPending}>
        {w.confirm}
      </Button>
      <Button kind="quiet" onClick={back}>
        {w.back}
      </Button>
    </form>
  );
}
