import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { api } from "@/api/client";
import { useBecome } from "@/session/me";
import { Button, Field, Notice } from "@/ui/kit";
import { useTroubleText, wrongAt } from "@/ui/states";
import { useWords } from "@/words/language";
import { ownWords } from "./own-words";
import { tokenOf } from "./token";
import { signInWords } from "./words";

/**
 * NewPasswordPage sets a password by a one-time link. The link's token stands
 * behind #, which browsers send nowhere; it is taken out of the address at once,
 * so that it stays neither on the screen nor in the history.
 */
export default function NewPasswordPage() {
  const w = useWords(ownWords);
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(() => tokenOf(hash));
  useEffect(() => {
    if (!hash) return;
    // Another link may be opened while this page is: the newest counts.
    setToken(tokenOf(hash));
    navigate({ hash: "" }, { replace: true });
  }, [hash, navigate]);
  return (
    <main id="main" className="page slim stack" style={{ paddingTop: "7vh" }}>
      <h1>{w.fresh}</h1>
      <div className="card stack">
        {token ? (
          <Form key={token} token={token} />
        ) : (
          <>
            <h2>{w.noToken}</h2>
            <p className="muted">{w.noTokenAbout}</p>
            <Link to="/forgot">{w.again}</Link>
          </>
        )}
      </div>
    </main>
  );
}

function Form({ token }: { token: string }) {
  const w = useWords(ownWords);
  const words = useWords(signInWords);
  const trouble = useTroubleText();
  const become = useBecome();
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () => api.POST("/v1/password", { body: { token, password } }),
    onSuccess: () => {
      setPassword("");
      become(null); // all sessions of the account have ended, this browser's perhaps with them
    },
  });
  if (save.isSuccess)
    return (
      <div role="status" className="stack">
        <h2>{w.saved}</h2>
        <p className="muted">{w.savedAbout}</p>
        <Link className="btn primary wide" to="/sign-in">
          {w.signIn}
        </Link>
      </div>
    );
  const wrong = wrongAt(save.error, "password");
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        save.mutate();
      }}
    >
      <p className="muted">{w.freshAbout}</p>
      {save.error && !wrong && (
        <Notice tone="seal" alert>
          {trouble(save.error)} <Link to="/forgot">{w.again}</Link>
        </Notice>
      )}
      <Field label={words.newPassword} hint={words.newPasswordHint} wrong={wrong}>
        {(ids) => (
          <input
            {...ids}
            className="input"
            type="password"
            autoComplete="new-password"
            required
            minLength={12}
            maxLength={512}
            value={password}
            onChange={(e) => setPassword(e.target.value)}
          />
        )}
      </Field>
      <Button type="submit" kind="primary" wide busy={save.isPending}>
        {w.save}
      </Button>
    </form>
  );
}
