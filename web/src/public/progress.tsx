import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api, must } from "@/api/client";
import { troubleOf } from "@/api/problem";
import type { Progress } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button, Field, Notice } from "@/ui/kit";
import { Countdown } from "@/ui/now";
import { useTroubleText } from "@/ui/states";
import { OutcomeTag, StateTag } from "@/ui/tags";
import { clocks, kinds, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { progressWords } from "./progress-words";
import "./public.css";

/**
 * ProgressPage tells whoever has a claim's number how far it has come. The
 * number goes in the body of a request, never into the address or the history.
 */
export default function ProgressPage() {
  const w = useWords(progressWords);
  const trouble = useTroubleText();
  const [number, setNumber] = useState("");
  const ask = useMutation({
    mutationFn: () => must<Progress>(api.POST("/v1/progress", { body: { claim_id: number.trim() } })),
  });
  const unknown = ask.error && troubleOf(ask.error).status === 404;
  return (
    <main id="main" className="page narrow stack" style={{ maxWidth: 560 }}>
      <div>
        <h1>{w.title}</h1>
        <p className="muted">{w.about}</p>
      </div>
      <div aria-live="polite" className="stack">
        {ask.data ? (
          <Found
            of={ask.data}
            number={number.trim()}
            again={() => ask.mutate()}
            busy={ask.isPending}
            other={() => {
              ask.reset();
              setNumber("");
            }}
          />
        ) : (
          <form
            className="card stack"
            onSubmit={(e) => {
              e.preventDefault();
              ask.mutate();
            }}
          >
            {ask.error && (
              <Notice tone={unknown ? "amber" : "seal"} alert>
                {unknown ? (
                  <>
                    <strong>{w.none}</strong>
                    <br />
                    {w.noneAbout}
                  </>
                ) : (
                  trouble(ask.error)
                )}
              </Notice>
            )}
            <Field label={w.number} hint={w.numberHint}>
              {(ids) => (
                <input
                  {...ids}
                  className="input mono"
                  required
                  maxLength={60}
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  value={number}
                  onChange={(e) => setNumber(e.target.value)}
                />
              )}
            </Field>
            <Button type="submit" kind="primary" wide busy={ask.isPending}>
              {w.look}
            </Button>
          </form>
        )}
      </div>
    </main>
  );
}

interface FoundProps {
  of: Progress;
  number: string;
  again: () => void;
  other: () => void;
  busy: boolean;
}

function Found({ of: p, number, again, other, busy }: FoundProps) {
  const w = useWords(progressWords);
  const word = useWord();
  const f = useFormat();
  return (
    <>
      <section className="card stack">
        <div className="row between">
          <span className="mono muted">{number}</span>
          <span className="row tight">
            <StateTag state={p.state} />
            {p.outcome && p.outcome !== "withdrawn" && <OutcomeTag outcome={p.outcome} />}
          </span>
        </div>
        <p className="says">{w.says[`${p.state}/${p.outcome}`] ?? w.says[p.state]}</p>
        {p.clocks?.map((c) => (
          <div key={c.kind} className="row between clock-row">
            <span>
              {w.until(word(clocks, c.kind))} <span className="num">{f.moment(c.due)}</span>
            </span>
            <Countdown due={c.due} />
          </div>
        ))}
        <p className="faint">
          {word(kinds, p.kind)} · {w.filed} <span className="num">{f.moment(p.opened_at)}</span>
        </p>
      </section>
      <section className="card stack">
        <h2>{w.steps}</h2>
        <ol className="steps-list">
          {[...(p.steps ?? [])].reverse().map((s, i) => (
            <li key={`${s.at}/${s.code}`} aria-current={i === 0 ? "step" : undefined}>
              <span>{w.stepNames[s.code] ?? s.code}</span>
              <time className="faint num nowrap" dateTime={s.at}>
                {f.moment(s.at)}
              </time>
            </li>
          ))}
        </ol>
      </section>
      <div className="row">
        <Button onClick={again} busy={busy}>
          {w.refresh}
        </Button>
        <Button onClick={other}>{w.other}</Button>
      </div>
      <p className="faint">
        {w.signInAbout} <Link to="/sign-in">{w.signIn}</Link>
      </p>
    </>
  );
}
