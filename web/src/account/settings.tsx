import { useState } from "react";
import type { Me } from "@/api/schema";
import { useMe } from "@/session/me";
import { useFormat } from "@/ui/format";
import { Button, Tag } from "@/ui/kit";
import { toast } from "@/ui/toast";
import { parties, useWord } from "@/words/domain";
import { setLook, useLanguage, useThemeChoice, useWords } from "@/words/language";
import { Alerts, Devices } from "./devices";
import { ownWords } from "./own-words";
import { OwnPassword, SecondFactorSetUp } from "./set-up";
import "./account.css";

/** SettingsPage is one's own account: who one is, password, second factor, language and looks. */
export default function SettingsPage() {
  const w = useWords(ownWords);
  const { me } = useMe();
  if (!me) return null;
  return (
    <main id="main" className="page narrow stack">
      <h1>{w.settings}</h1>
      <Who me={me} />
      {me.kind === "session" ? (
        <>
          <Password />
          <SecondFactor on={me.totp} />
          <Devices />
          <Alerts />
        </>
      ) : (
        <p className="faint">{w.byLink}</p>
      )}
      <Look />
    </main>
  );
}

function Who({ me }: { me: Me }) {
  const w = useWords(ownWords);
  const word = useWord();
  const f = useFormat();
  return (
    <section className="card stack">
      <h2>{w.who}</h2>
      <dl className="own">
        {me.name && (
          <>
            <dt>{w.name}</dt>
            <dd>{me.name}</dd>
          </>
        )}
        {me.login && (
          <>
            <dt>{w.login}</dt>
            <dd className="mono">{me.login}</dd>
          </>
        )}
        <dt>{w.roles}</dt>
        <dd className="row">
          {me.roles?.map((r) => (
            <Tag key={r}>{word(parties, r)}</Tag>
          ))}
        </dd>
        {me.party && (
          <>
            <dt>{w.party}</dt>
            <dd className="mono">{me.party}</dd>
          </>
        )}
        {me.kind === "session" && (
          <>
            <dt>{w.email}</dt>
            <dd>
              {me.email || w.noEmail}
              <br />
              <span className="faint">{w.emailAbout}</span>
            </dd>
          </>
        )}
        {me.expires_at && (
          <>
            <dt>{w.until}</dt>
            <dd className="num">{f.moment(me.expires_at)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Password() {
  const w = useWords(ownWords);
  const [open, setOpen] = useState(false);
  const done = () => {
    setOpen(false);
    toast(w.passwordSaved);
  };
  return (
    <section className="card stack">
      <div className="row between">
        <div>
          <h2>{w.password}</h2>
          <p className="muted">{w.passwordAbout}</p>
        </div>
        <Button onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? w.cancel : w.change}
        </Button>
      </div>
      {open && <OwnPassword onDone={done} />}
    </section>
  );
}

function SecondFactor({ on }: { on: boolean }) {
  const w = useWords(ownWords);
  const [open, setOpen] = useState(false);
  const done = () => {
    setOpen(false);
    toast(w.secondSaved);
  };
  return (
    <section className="card stack">
      <div className="row between">
        <div>
          <h2 className="row">
            {w.second} <Tag tone={on ? "good" : "amber"}>{on ? `✓ ${w.secondOn}` : w.secondOff}</Tag>
          </h2>
          <p className="muted">{on ? w.secondNewAbout : w.secondOffAbout}</p>
        </div>
        {(on || open) && (
          <Button onClick={() => setOpen(!open)} aria-expanded={open}>
            {open ? w.cancel : w.secondNew}
          </Button>
        )}
      </div>
      {(open || !on) && <SecondFactorSetUp onDone={done} />}
    </section>
  );
}

/** Look chooses language and theme, which the browser keeps. */
function Look() {
  const w = useWords(ownWords);
  const language = useLanguage();
  const theme = useThemeChoice();
  return (
    <section className="card stack">
      <div>
        <h2>{w.look}</h2>
        <p className="muted">{w.lookAbout}</p>
      </div>
      <Choice
        name={w.language}
        of={[
          ["zh", "中文"],
          ["en", "English"],
        ]}
        chosen={language}
        choose={(l) => setLook({ language: l })}
      />
      <Choice
        name={w.theme}
        of={[
          ["system", w.system],
          ["light", w.light],
          ["dark", w.dark],
        ]}
        chosen={theme}
        choose={(t) => setLook({ theme: t })}
      />
    </section>
  );
}

interface ChoiceProps<T extends string> {
  name: string;
  of: [T, string][];
  chosen: T;
  choose: (one: T) => void;
}

function Choice<T extends string>({ name, of, chosen, choose }: ChoiceProps<T>) {
  return (
    <fieldset className="look-choice">
      <legend>{name}</legend>
      {of.map(([value, text]) => (
        <label key={value}>
          <input type="radio" name={name} checked={value === chosen} onChange={() => choose(value)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
