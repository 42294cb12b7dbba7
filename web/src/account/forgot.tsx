import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { Button, Field, Notice } from "@/ui/kit";
import { Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { useWords } from "@/words/language";
import { useConsole } from "./console";
import { ownWords } from "./own-words";
import { signInWords } from "./words";

/** ForgotPage sends a one-time link by mail, or says whom to ask where there is no mail. */
export default function ForgotPage() {
  const w = useWords(ownWords);
  const { data, error, isPending, refetch } = useConsole();
  return (
    <main id="main" className="page slim stack" style={{ paddingTop: "7vh" }}>
      <h1>{w.forgot}</h1>
      <div className="card stack">
        {isPending ? (
          <Loading />
        ) : error ? (
          <TroubleBox error={error} retry={() => void refetch()} />
        ) : data.mail ? (
          <Ask />
        ) : (
          <>
            <h2>{w.noMail}</h2>
            <p className="muted">{w.noMailAbout}</p>
          </>
        )}
        <Link to="/sign-in">{w.back}</Link>
      </div>
    </main>
  );
}

function Ask() {
  const w = useWords(ownWords);
  const words = useWords(signInWords);
  const trouble = useTroubleText();
  const [login, setLogin] = useState("");
  const send = useMutation({
    mutationFn: () => api.POST("/v1/password/forgot", { body: { login: login.trim() } }),
  });
  if (send.isSuccess)
    return (
      <div role="status" className="stack">
        <h2>{w.sent}</h2>
        <p className="muted">{w.sentAbout}</p>
      </div>
    );
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        send.mutate();
      }}
    >
      <p className="muted">{w.forgotAbout}</p>
      {send.error && (
        <Notice tone="seal" alert>
          {trouble(send.error)}
        </Notice>
      )}
      <Field label={words.login}>
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
      <Button type="submit" kind="primary" wide busy={send.isPending}>
        {w.send}
      </Button>
    </form>
  );
}
