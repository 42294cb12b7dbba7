import { useMutation } from "@tanstack/react-query";
import { useState, useSyncExternalStore } from "react";
import { answerAgain, isAsked, onAgain } from "@/api/again";
import { api, at, base } from "@/api/client";
import type { Me } from "@/api/schema";
import { Button, Dialog, Field, Notice } from "@/ui/kit";
import { useTroubleText } from "@/ui/states";
import { useWords } from "@/words/language";
import { ownWords } from "./own-words";
import { signInWords } from "./words";

/** Again asks who one is, when something was refused for that; what was under way then goes on. */
export function Again({ me }: { me: Me | null | undefined }) {
  const w = useWords(ownWords);
  const asked = useSyncExternalStore(onAgain, isAsked);
  if (!asked || !me) return null;
  return (
    <Dialog title={w.proofTitle} onClose={() => answerAgain(false)}>
      <Proof ways={me.confirm ?? []} />
    </Dialog>
  );
}

function Proof({ ways }: { ways: string[] }) {
  const w = useWords(ownWords);
  const words = useWords(signInWords);
  const trouble = useTroubleText();
  const [byCode, setByCode] = useState(!ways.includes("password"));
  const [text, setText] = useState("");
  const show = useMutation({
    mutationFn: () => api.POST("/v1/me/confirm", { body: byCode ? { code: text.trim() } : { password: text } }),
    onSuccess: () => answerAgain(true),
  });
  const typed = ways.includes("password") || ways.includes("totp");
  const back = `/${window.location.pathname.slice(base.pathname.length)}${window.location.search}`;
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        show.mutate();
      }}
    >
      <p className="muted">{w.proofAbout}</p>
      {show.error && (
        <Notice tone="seal" alert>
          {trouble(show.error)}
        </Notice>
      )}
      {typed && (
        <>
          <Field label={byCode ? words.code : words.current} hint={byCode ? words.codeHint : undefined}>
            {(ids) => (
              <input
                {...ids}
                key={byCode ? "code" : "password"}
                className="input"
                type={byCode ? "text" : "password"}
                autoComplete={byCode ? "one-time-code" : "current-password"}
                required
                maxLength={byCode ? 30 : 512}
                value={text}
                onChange={(e) => setText(e.target.value)}
              />
            )}
          </Field>
          <Button type="submit" kind="primary" wide busy={show.isPending}>
            {w.proofGo}
          </Button>
        </>
      )}
      {ways.includes("password") && ways.includes("totp") && (
        <Button
          onClick={() => {
            setText("");
            setByCode(!byCode);
          }}
        >
          {byCode ? w.proofPassword : w.proofCode}
        </Button>
      )}
      {ways.includes("provider") && (
        <a className="btn wide" href={at(`/v1/oidc/start?fresh=true&return=${encodeURIComponent(back)}`)}>
          {w.proofProvider}
        </a>
      )}
    </form>
  );
}
