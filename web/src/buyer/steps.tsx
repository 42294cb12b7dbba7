import { type ReactNode, useEffect, useId } from "react";
import { Link } from "react-router";
import type { OrderLine } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Field, Notice } from "@/ui/kit";
import { useWords } from "@/words/language";
import { askOf, freeOf, kindsFor, type Ordered, reasonOrder, unitsOf, type Wish, worth } from "./filing";
import { filingWords } from "./words";

export interface StepProps {
  order: Ordered;
  wish: Wish;
  change: (c: Partial<Wish>) => void;
  /** asked: somebody tried to go on, and is told what is missing. */
  asked: boolean;
}

interface ChoiceProps {
  name: string;
  type: "radio" | "checkbox";
  checked: boolean;
  disabled?: boolean;
  onChange: () => void;
  title: ReactNode;
  about?: ReactNode;
}

function Choice({ name, type, checked, disabled, onChange, title, about }: ChoiceProps) {
  return (
    <label className="choice">
      <input type={type} name={name} checked={checked} disabled={disabled} onChange={onChange} />
      <span className="grow">
        <strong>{title}</strong>
        {about && <span className="muted">{about}</span>}
      </span>
    </label>
  );
}

function Choices({ legend, wrong, children }: { legend: string; wrong?: string; children: ReactNode }) {
  return (
    <fieldset className="choices">
      <legend className="sr">{legend}</legend>
      {/* Above the choices: below them it would lie under the fold of a phone. */}
      {wrong && (
        <Notice tone="seal" alert>
          {wrong}
        </Notice>
      )}
      {children}
    </fieldset>
  );
}

/** GoodsStep asks which articles it is about, and of several units how many. */
export function GoodsStep({ order, wish, change, asked }: StepProps) {
  const w = useWords(filingWords);
  const f = useFormat();
  const lines = order.lines ?? [];
  const toggle = (id: string) =>
    change(
      wish.lines.includes(id)
        ? { lines: wish.lines.filter((l) => l !== id) }
        : { lines: [...wish.lines, id], units: { ...wish.units, [id]: wish.units[id] ?? 1 } },
    );
  return (
    <Choices
      legend={lines.length > 1 ? w.goods : w.goodsMany}
      wrong={asked && wish.lines.length === 0 ? w.choose : undefined}
    >
      {lines.length > 1 && <p className="muted">{w.goodsHint}</p>}
      {lines.map((l) => (
        <div key={l.id} className="goods-line">
          <Choice
            name="line"
            type="checkbox"
            disabled={freeOf(order, l.id) === 0}
            checked={wish.lines.includes(l.id)}
            onChange={() => toggle(l.id)}
            title={l.title}
            about={`${f.money(l.price)}${l.quantity > 1 ? ` × ${l.quantity}` : ""}`}
          />
          {wish.lines.includes(l.id) && l.quantity > 1 && <Units order={order} line={l} wish={wish} change={change} />}
          <Bounds order={order} line={l} />
        </div>
      ))}
    </Choices>
  );
}

interface UnitsProps extends Pick<StepProps, "order" | "wish" | "change"> {
  line: OrderLine;
}

/** Units asks how many units of a line it is about, by thumb or by key. */
function Units({ order, line, wish, change }: UnitsProps) {
  const w = useWords(filingWords);
  const f = useFormat();
  const id = useId();
  const most = freeOf(order, line.id);
  const n = unitsOf(order, wish)[line.id] ?? most;
  const set = (to: number) =>
    Number.isInteger(to) && change({ units: { ...wish.units, [line.id]: Math.min(Math.max(to, 1), most) } });
  return (
    <div className="units">
      <label htmlFor={id}>{w.howMany(line.quantity)}</label>
      <span className="stepper">
        <button type="button" aria-label={w.fewer} disabled={n <= 1} onClick={() => set(n - 1)}>
          −
        </button>
        <input
          id={id}
          className="num"
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          value={n}
          onFocus={(e) => e.target.select()}
          onChange={(e) => set(Number.parseInt(e.target.value, 10))}
        />
        <button type="button" aria-label={w.oneMore} disabled={n >= most} onClick={() => set(n + 1)}>
          +
        </button>
      </span>
      <span className="num units-worth" role="status">
        {w.atMost(f.money(worth(order, { lines: [line.id], units: { [line.id]: n } })))}
      </span>
    </div>
  );
}

/** Bounds says what of a line can no longer be claimed, and why. */
function Bounds({ order, line }: { order: Ordered; line: OrderLine }) {
  const w = useWords(filingWords);
  const f = useFormat();
  const l = order.left.lines?.find((x) => x.line_id === line.id);
  if (!l) return null;
  const claimed = Math.min(order.claimed?.[line.id] ?? 0, l.units);
  const gone = l.quantity - l.units;
  const back = l.paid.amount - l.amount.amount;
  const said = [
    gone > 0 && w.gone(gone, l.quantity),
    // What was paid back for units that are still here: a part of their price.
    gone === 0 && back > 0 && w.paidBack(f.money({ ...l.paid, amount: back })),
    claimed > 0 && w.claimedUnits(claimed, l.quantity),
    freeOf(order, line.id) > 0 && gone + claimed > 0 && w.free(freeOf(order, line.id)),
  ].filter(Boolean);
  if (said.length === 0) return null;
  const by = order.by?.[line.id];
  return (
    <p className="bounds">
      {said.join(w.and)}
      {claimed > 0 && by && (
        <>
          {" "}
          <Link to={`/claims/${by}`}>{w.open}</Link>
        </>
      )}
    </p>
  );
}

export function ReasonStep({ wish, change, asked }: StepProps) {
  const w = useWords(filingWords);
  return (
    <Choices legend={w.reason} wrong={asked && !wish.reason ? w.choose : undefined}>
      {reasonOrder.map((r) => (
        <Choice
          key={r}
          name="reason"
          type="radio"
          checked={wish.reason === r}
          // What was wanted may make no sense any more with another reason.
          onChange={() =>
            change({ reason: r, kind: wish.kind && kindsFor(r).includes(wish.kind) ? wish.kind : undefined })
          }
          title={w.reasons[r][0]}
          about={w.reasons[r][1]}
        />
      ))}
    </Choices>
  );
}

export function KindStep({ order, wish, change, asked }: StepProps) {
  const w = useWords(filingWords);
  const f = useFormat();
  const most = worth(order, wish);
  const reason = wish.reason ?? "other";
  const wrong = asked && wish.kind && !askOf(order, wish) ? w.amountWrong(f.money(most)) : undefined;
  return (
    <div className="stack">
      <Choices legend={w.kind} wrong={asked && !wish.kind ? w.choose : undefined}>
        {kindsFor(reason).map((k) => {
          const [title, about] = k === "exchange" && reason === "not_received" ? w.resend : w.kinds[k];
          return (
            <Choice
              key={k}
              name="kind"
              type="radio"
              checked={wish.kind === k}
              onChange={() => change({ kind: k })}
              title={title}
              about={about}
            />
          );
        })}
      </Choices>
      {wish.kind === "partial_refund" && (
        <Field label={w.amount} hint={w.amountHint(f.money(most))} wrong={wrong}>
          {(ids) => (
            <input
              {...ids}
              className="input num"
              inputMode="decimal"
              autoComplete="off"
              maxLength={16}
              value={wish.amount}
              onChange={(e) => change({ amount: e.target.value })}
            />
          )}
        </Field>
      )}
      {(wish.kind === "refund_only" || wish.kind === "return_refund") && (
        <p className="muted">{w.whole(f.money(most))}</p>
      )}
    </div>
  );
}

/** maxStory is the desk's bound, in characters. */
const maxStory = 4000;

/** WordsStep saves what is written whenever the field is left, so that a reload loses nothing. */
export function WordsStep({ wish, change, leave }: StepProps & { leave: () => void }) {
  useEffect(() => {
    const away = () => document.visibilityState === "hidden" && leave();
    document.addEventListener("visibilitychange", away);
    return () => document.removeEventListener("visibilitychange", away);
  }, [leave]);
  const w = useWords(filingWords);
  return (
    <Field label={w.wordsLabel} hint={w.wordsHint}>
      {(ids) => (
        <textarea
          {...ids}
          className="area"
          rows={7}
          maxLength={maxStory}
          value={wish.story}
          onChange={(e) => change({ story: e.target.value })}
          onBlur={leave}
        />
      )}
    </Field>
  );
}
