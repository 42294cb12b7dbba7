import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, must } from "@/api/client";
import type { Enrolment, Me, SpareOutputBody } from "@/api/schema";
import { useBecome } from "@/session/me";
import { Button, Field, Notice } from "@/ui/kit";
import { useTroubleText, wrongAt } from "@/ui/states";
import { useWords } from "@/words/language";
import { signInWords } from "./words";

/** SetUp leads through what an account needs before its roles count: an own password, a second factor. */
export function SetUp({ me }: { me: Me }) {
  return me.set_up?.includes("password") ? <OwnPassword first /> : <SecondFactorSetUp />;
}

export function OwnPassword({ first, onDone }: { first?: boolean; onDone?: () => void }) {
  const w = useWords(signInWords);
  const trouble = useTroubleText();
  const become = useBecome();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () => must<Me>(api.POST("/v1/me/password", { body: { old: first ? undefined : old, password } })),
    onSuccess: (me) => {
      become(me);
      setOld("");
      setPassword("");
      onDone?.();
    },
  });
  const wrong = wrongAt(save.error, "password");
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        save.mutate();
      }}
    >
      {save.error && !wrong && (
        <Notice tone="seal" alert>
          {trouble(save.error)}
        </Notice>
      )}
      {!first && (
        <Field label={w.current}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              type="password"
              autoComplete="current-password"
              required
              value={old}
              onChange={(e) => setOld(e.target.value)}
            />
          )}
        </Field>
      )}
      <Field label={w.newPassword} hint={w.newPasswordHint} wrong={wrong}>
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
      <Button type="submit" kind="primary" wide={first} busy={save.isPending}>
        {w.save}
      </Button>
    </form>
  );
}

/** SecondFactorSetUp enrols an authenticator app: password, QR code, one code to prove it, spare codes. */
export function SecondFactorSetUp({ onDone }: { onDone?: () => void }) {
  const w = useWords(signInWords);
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const begin = useMutation({ mutationFn: () => must<Enrolment>(api.POST("/v1/me/totp", { body: { password } })) });
  const confirm = useMutation({
    mutationFn: () =>
      must<SpareOutputBody>(api.POST("/v1/me/totp/confirm", { body: { code: code.replace(/\s/g, "") } })),
  });
  const error = confirm.error ?? begin.error;
  const done = () => {
    void queries.invalidateQueries({ queryKey: ["me"] });
    onDone?.();
  };
  if (confirm.data)
    return (
      <div className="stack">
        <h2>{w.spare}</h2>
        <p className="muted">{w.spareAbout}</p>
        <ul className="mono spare">
          {confirm.data.spare?.map((s) => (
            <li key={s}>{s}</li>
          ))}
        </ul>
        <Button kind="primary" wide onClick={done}>
          {w.done}
        </Button>
      </div>
    );
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        if (begin.data) confirm.mutate();
        else begin.mutate();
      }}
    >
      {error && (
        <Notice tone="seal" alert>
          {trouble(error)}
        </Notice>
      )}
      {begin.data ? (
        <>
          <p>{w.scan}</p>
          <QRCode text={begin.data.uri} label={w.scan} />
          <p className="faint">
            {w.orType} <code>{begin.data.secret.replace(/(.{4})/g, "$1 ").trim()}</code>
          </p>
          <Field label={w.code}>
            {(ids) => (
              <input
                {...ids}
                className="input num"
                inputMode="numeric"
                autoComplete="one-time-code"
                required
                minLength={6}
                maxLength={8}
                value={code}
                onChange={(e) => setCode(e.target.value)}
              />
            )}
          </Field>
        </>
      ) : (
        <>
          <p className="muted">{w.totpAbout}</p>
          <Field label={w.current}>
            {(ids) => (
              <input
                {...ids}
                className="input"
                type="password"
                autoComplete="current-password"
                required
                value={password}
                onChange={(e) => setPassword(e.target.value)}
              />
            )}
          </Field>
        </>
      )}
      <Button type="submit" kind="primary" wide busy={begin.isPending || confirm.isPending}>
        {begin.data ? w.confirm : w.begin}
      </Button>
    </form>
  );
}

/** QRCode draws text on a canvas; the library is loaded when it is needed. */
export function QRCode({ text, label }: { text: string; label: string }) {
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  useEffect(() => {
    if (!canvas) return;
    void import("qrcode").then((qr) => qr.toCanvas(canvas, text, { width: 208, margin: 2 }));
  }, [canvas, text]);
  return (
    <canvas
      ref={setCanvas}
      width={208}
      height={208}
      role="img"
      aria-label={label}
      style={{ alignSelf: "center", borderRadius: 8 }}
    />
  );
}
