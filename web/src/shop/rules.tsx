import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, must } from "@/api/client";
import type { ListAnnounced, Merchant } from "@/api/schema";
import { Wrong } from "@/claim/sure";
import { useMe } from "@/session/me";
import { useFormat } from "@/ui/format";
import { Button, Field, Notice, Tag } from "@/ui/kit";
import { Empty, Loading, TroubleBox } from "@/ui/states";
import { toast } from "@/ui/toast";
import { kinds, reasons, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { body, consentOf, type Form, problemOf, sentence } from "./consent";
import { ruleWords } from "./rule-words";
import "@/claim/claim.css";
import "./shop.css";

/** RulesPage is a shop's standing consent, which is its own to give and take back, and the rules that are to come. */
export default function RulesPage() {
  const w = useWords(ruleWords);
  const { me } = useMe();
  const id = me?.party ?? "";
  const { data, error, refetch } = useQuery({
    queryKey: ["merchant", id],
    enabled: id !== "",
    queryFn: () => must<Merchant>(api.GET("/v1/merchants/{id}", { params: { path: { id } } })),
  });
  return (
    <main id="main" className="page stack" style={{ maxWidth: 1000, gap: 20 }}>
      <div>
        <h1>{w.title}</h1>
        <p className="muted">{data?.name}</p>
      </div>
      {error && !data ? (
        <TroubleBox error={error} retry={() => void refetch()} />
      ) : data ? (
        <ConsentForm key={JSON.stringify(data.consent)} shop={data} />
      ) : (
        <Loading lines={6} />
      )}
      <Announced />
    </main>
  );
}

function ConsentForm({ shop }: { shop: Merchant }) {
  const w = useWords(ruleWords);
  const word = useWord();
  const f = useFormat();
  const language = useLanguage();
  const queries = useQueryClient();
  const [form, setForm] = useState<Form>(() => consentOf(shop));
  const [asked, setAsked] = useState(false);
  const problem = problemOf(form);
  const change = (c: Partial<Form>) => setForm({ ...form, ...c });
  const save = useMutation({
    mutationFn: () => api.PUT("/v1/merchants/{id}", { params: { path: { id: shop.id } }, body: body(shop, form) }),
    onSuccess: () => {
      toast(form.on ? w.saved : w.takenBack);
      void queries.invalidateQueries({ queryKey: ["merchant", shop.id] });
    },
  });
  const toggle = (list: string[], v: string) => (list.includes(v) ? list.filter((x) => x !== v) : [...list, v]);
  const now = shop.consent.kinds?.length ? sentence(shop.consent, language, f.money) : w.none;
  return (
    <section className="card stack">
      <h2>{w.consent}</h2>
      <p className="muted">{w.consentAbout}</p>
      <Notice tone={shop.consent.kinds?.length ? "good" : "blue"}>
        <strong>{w.now}</strong> {now}
      </Notice>
      <label className="choice">
        <input type="checkbox" checked={form.on} onChange={(e) => change({ on: e.target.checked })} />
        <span className="grow">
          <strong>{w.on}</strong>
          <span className="muted">{w.onAbout}</span>
        </span>
      </label>
      {form.on && (
        <>
          <Checks legend={w.kinds} wrong={asked && problem === "kinds" ? w.kindsWrong : undefined}>
            {Object.keys(kinds).map((k) => (
              <label key={k}>
                <input
                  type="checkbox"
                  checked={form.kinds.includes(k)}
                  onChange={() => change({ kinds: toggle(form.kinds, k) })}
                />
                {word(kinds, k)}
              </label>
            ))}
          </Checks>
          <Field label={w.upTo} hint={w.upToHint} wrong={asked && problem === "amount" ? w.upToWrong : undefined}>
            {(ids) => (
              <input
                {...ids}
                className="input num"
                style={{ maxWidth: 220 }}
                inputMode="decimal"
                autoComplete="off"
                maxLength={16}
                value={form.amount}
                onChange={(e) => change({ amount: e.target.value })}
              />
            )}
          </Field>
          <Checks legend={w.reasons}>
            {Object.keys(reasons).map((r) => (
              <label key={r}>
                <input
                  type="checkbox"
                  checked={form.reasons.includes(r)}
                  onChange={() => change({ reasons: toggle(form.reasons, r) })}
                />
                {word(reasons, r)}
              </label>
            ))}
          </Checks>
          <Field label={w.categories} hint={w.categoriesHint}>
            {(ids) => (
              <input
                {...ids}
                className="input"
                maxLength={400}
                value={form.categories}
                onChange={(e) => change({ categories: e.target.value })}
              />
            )}
          </Field>
        </>
      )}
      <Wrong error={save.error} />
      <div>
        <Button
          kind="primary"
          busy={save.isPending}
          onClick={() => {
            setAsked(true);
            if (!problem) save.mutate();
          }}
        >
          {w.save}
        </Button>
      </div>
    </section>
  );
}

function Checks({ legend, wrong, children }: { legend: string; wrong?: string; children: ReactNode }) {
  return (
    <fieldset className="checks">
      <legend>{legend}</legend>
      {children}
      {wrong && (
        <span className="wrong" role="alert">
          {wrong}
        </span>
      )}
    </fieldset>
  );
}

/** Announced shows rules under public notice: what changes, from when, in words. */
function Announced() {
  const w = useWords(ruleWords);
  const f = useFormat();
  const language = useLanguage();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["announced"],
    queryFn: () => must<ListAnnounced>(api.GET("/v1/policies/announced")),
  });
  return (
    <section className="card stack">
      <h2>{w.announced}</h2>
      <p className="muted">{w.announcedAbout}</p>
      {isPending && <Loading lines={3} />}
      {error && !data && <TroubleBox error={error} retry={() => void refetch()} />}
      {data?.items?.length === 0 && <Empty title={w.noneAnnounced}>{w.noneAnnouncedAbout}</Empty>}
      {data?.items?.map((a) => (
        <article key={a.id} className="stack tight">
          <div className="row">
            <h3>{a.name}</h3>
            {a.major && <Tag tone="amber">{w.major}</Tag>}
          </div>
          <p className="faint">{w.from(f.moment(a.active_from, true))}</p>
          {a.summary && <p className="asis">{a.summary}</p>}
          <ul className="changes">
            {(a.changes ?? []).map((c) => (
              <li key={c.field}>{pick(c.text, language)}</li>
            ))}
          </ul>
        </article>
      ))}
    </section>
  );
}
