import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import type { Case, Claim, Clock, Recent } from "@/api/schema";
import { claimWords } from "@/claim/words";
import { useFormat } from "@/ui/format";
import { Button, Field, Notice, Pop } from "@/ui/kit";
import { Countdown } from "@/ui/now";
import { Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { OutcomeTag, StateTag } from "@/ui/tags";
import { toast } from "@/ui/toast";
import { actions, clocks, findings, kinds, reasons, strengths, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { caseWords } from "./case-words";
import { contextQuery } from "./data";

/** OrderFacts is what was bought, when and where it went. */
export function OrderFacts({ k }: { k: Case }) {
  const w = useWords(caseWords);
  const c = useWords(claimWords);
  const f = useFormat();
  const { order, claim } = k;
  const s = order.shipment;
  return (
    <section className="card" aria-labelledby="order">
      <h2 id="order">{w.order}</h2>
      <dl className="case-facts">
        <FactRow name={c.orderNo}>
          <code>{order.id}</code>
        </FactRow>
        {order.lines?.map((l) => (
          <FactRow key={l.id} name={isClaimed(claim, l.id) ? w.claimed : " "}>
            {l.title} <span className="faint num">× {l.quantity}</span> <span className="num">{f.money(l.price)}</span>
            {l.quantity > 1 && claim.units?.[l.id] !== undefined && (
              <strong className="case-units">{c.ofUnits(claim.units[l.id] ?? l.quantity, l.quantity)}</strong>
            )}
            <LineLeft k={k} line={l.id} />
          </FactRow>
        ))}
        <FactRow name={w.total}>
          <span className="num">{f.money(order.total)}</span>
        </FactRow>
        {k.left.most && (
          <FactRow name={w.left}>
            <span className="num">{f.money(k.left.most)}</span>
          </FactRow>
        )}
        <FactRow name={w.placed}>{f.moment(order.placed_at)}</FactRow>
        {order.shipped_at && <FactRow name={w.shipped}>{f.moment(order.shipped_at)}</FactRow>}
        {order.delivered_at && <FactRow name={w.delivered}>{f.moment(order.delivered_at)}</FactRow>}
        {s?.carrier && <FactRow name={w.carrier}>{s.carrier}</FactRow>}
        {s?.tracking && (
          <FactRow name={w.tracking}>
            <code>{s.tracking}</code>
          </FactRow>
        )}
        {(s?.province || s?.city) && (
          <FactRow name={w.to}>{[s.province, s.city, s.district].filter(Boolean).join(" ")}</FactRow>
        )}
      </dl>
    </section>
  );
}

/** isClaimed is whether a claim is about a line; one of an older version names lines alone, or the whole order. */
const isClaimed = (claim: Claim, line: string): boolean =>
  claim.units ? claim.units[line] !== undefined : !claim.line_ids?.length || claim.line_ids.includes(line);

/** LineLeft says what remains of a line of which something was given before. */
function LineLeft({ k, line }: { k: Case; line: string }) {
  const w = useWords(caseWords);
  const l = k.left.lines?.find((x) => x.line_id === line);
  if (!l || l.units === l.quantity) return null;
  return <span className="faint"> {w.leftUnits(l.units, l.quantity)}</span>;
}

function FactRow({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Surroundings are the rule that led here, and other claims with the same picture. */
export function Surroundings({ k }: { k: Case }) {
  const w = useWords(caseWords);
  const word = useWord();
  const language = useLanguage();
  const { data, error, isPending, refetch } = useQuery(contextQuery(k.claim.id));
  if (isPending) return <Loading lines={5} />;
  if (error && !data) return <TroubleBox error={error} retry={() => void refetch()} />;
  return (
    <>
      <section className="card" aria-labelledby="route">
        <h2 id="route">{w.route}</h2>
        <p>{pick(data.route?.text, language)}</p>
        {data.route?.note && (
          <p className="muted">
            {w.ruleNote}
            {language === "zh" ? "：" : ": "}
            {language === "zh" ? (data.route.note_zh ?? data.route.note) : data.route.note}
          </p>
        )}
        {data.route?.overruled && <p className="muted">{w.overruled}</p>}
        <p className="faint">
          {word(actions, data.route?.action)} · {w.rule} <code>{data.route?.rule || "—"}</code> · {w.version}{" "}
          <code>{data.route?.policy_version}</code>
        </p>
      </section>
      <section className="card" aria-labelledby="sharing">
        <h2 id="sharing">{w.sharing}</h2>
        {!data.sharing?.length && <p className="muted">{w.sharingNone}</p>}
        {/* One line a claim, however many of its pictures are the same; the strongest is told first. */}
        {[...new Map(data.sharing?.toReversed().map((s) => [s.claim_id, s])).values()].toReversed().map((s) => (
          <p key={s.claim_id} className="row tight">
            <Link to={`/review/${s.claim_id}`}>
              <code>{s.claim_id.slice(0, 12)}…</code>
            </Link>
            <StateTag state={s.state} />
            {s.outcome && <OutcomeTag outcome={s.outcome} />}
            <span className="faint">
              {s.same_buyer ? w.sameBuyer : w.otherBuyer} · {word(findings, s.code)} · {word(strengths, s.strength)}
            </span>
          </p>
        ))}
      </section>
    </>
  );
}

/** Histories are what both sides claimed and were claimed from before; told once the rest of the context is there. */
export function Histories({ k }: { k: Case }) {
  const w = useWords(caseWords);
  const f = useFormat();
  const { data } = useQuery(contextQuery(k.claim.id));
  if (!data) return null;
  const share = data.merchant.answered_in_time_share;
  return (
    <section className="card" aria-labelledby="histories">
      <h2 id="histories">{w.histories}</h2>
      <div className="histories">
        <div>
          <h3>{w.buyer}</h3>
          <p className="muted">
            {w.buyerSum(data.buyer.orders, data.buyer.claims, data.buyer.refunds, data.buyer.confirmed)}
          </p>
          <RecentList list={data.buyer.recent} />
        </div>
        <div>
          <h3>
            {w.merchant} · {data.merchant.name}
          </h3>
          <p className="muted">
            {w.merchantSum(data.merchant.recent_claims, share == null ? "" : f.percent(share))}{" "}
            <Link className="nowrap" to={`/review?merchant=${encodeURIComponent(k.claim.merchant_id)}`}>
              {w.shopQueue}
            </Link>
          </p>
          <RecentList list={data.merchant.recent} />
        </div>
      </div>
    </section>
  );
}

function RecentList({ list }: { list: Recent[] | null }) {
  const word = useWord();
  const f = useFormat();
  return (
    <ul className="recent">
      {list?.map((r) => (
        <li key={r.id}>
          <Link to={`/review/${r.id}`}>
            {word(kinds, r.kind)} · {word(reasons, r.reason)}
          </Link>
          <span className="num">{f.money(r.amount)}</span>
          {r.outcome ? <OutcomeTag outcome={r.outcome} /> : <StateTag state={r.state} />}
          <time className="faint num nowrap" dateTime={r.opened_at}>
            {f.day(r.opened_at, false)}
          </time>
        </li>
      ))}
    </ul>
  );
}

/** Clocks are the windows that run, with a way to extend one, for a reason both sides read. */
export function Clocks({ k, mayExtend }: { k: Case; mayExtend: boolean }) {
  const w = useWords(caseWords);
  const word = useWord();
  const list = k.claim.clocks ?? [];
  return (
    <section className="card" aria-labelledby="clocks">
      <h2 id="clocks">{w.clocks}</h2>
      {list.length === 0 && <p className="muted">{w.noClocks}</p>}
      {list.map((c) => (
        <div key={c.id} className="row between">
          <span>{word(clocks, c.kind)}</span>
          <span className="row tight">
            <Countdown due={c.due} />
            {mayExtend && (
              <Pop small label={w.extend}>
                {(close) => <Extend id={k.claim.id} clock={c} onDone={close} />}
              </Pop>
            )}
          </span>
        </div>
      ))}
    </section>
  );
}

const day = 86_400_000;

/** field writes a moment as a field for date and time takes it, in the viewer's zone, to the minute. */
function field(ms: number): string {
  const d = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return d.toISOString().slice(0, 16);
}

function Extend({ id, clock, onDone }: { id: string; clock: Clock; onDone: () => void }) {
  const w = useWords(caseWords);
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const due = Date.parse(clock.due);
  const [reason, setReason] = useState("");
  const [to, setTo] = useState(field(due + 2 * day));
  const extend = useMutation({
    mutationFn: () =>
      api.POST("/v1/claims/{id}/clocks/{kind}/extend", {
        params: { path: { id, kind: clock.kind as never } },
        body: { to: new Date(to).toISOString(), reason: reason.trim() },
      } as never),
    onSuccess: () => {
      toast(w.extended);
      void queries.invalidateQueries({ queryKey: ["claim", id] });
      onDone();
    },
  });
  return (
    <form
      className="stack tight"
      onSubmit={(e) => {
        e.preventDefault();
        if (reason.trim()) extend.mutate();
      }}
    >
      <Field label={w.extendTo}>
        {(ids) => (
          <input
            {...ids}
            className="search"
            type="datetime-local"
            required
            min={field(due)}
            max={field(due + 14 * day)}
            value={to}
            onChange={(e) => setTo(e.target.value)}
          />
        )}
      </Field>
      <Field label={w.extendReason}>
        {(ids) => (
          <textarea
            {...ids}
            className="area short"
            maxLength={4000}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
          />
        )}
      </Field>
      {extend.error && (
        <Notice tone="seal" alert>
          {trouble(extend.error)}
        </Notice>
      )}
      <Button type="submit" kind="primary" busy={extend.isPending} disabled={!reason.trim()}>
        {w.extend}
      </Button>
    </form>
  );
}
