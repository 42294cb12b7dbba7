import { type ReactNode, useEffect } from "react";
import { useFormat } from "@/ui/format";
import { Field, Notice } from "@/ui/kit";
import { useWords } from "@/words/language";
import { askOf, kindsFor, type Ordered, reasonOrder, type Wish, worth } from "./filing";
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
  onChange: () => void;
  title: ReactNode;
  about?: ReactNode;
}

function Choice({ name, type, checked, onChange, title, about }: ChoiceProps) {
  return (
    <label className="choice">
      <input type={type} name={name} checked={checked} onChange={onChange} />
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

export function GoodsStep({ order, wish, change, asked }: StepProps) {
  const w = useWords(filingWords);
  const f = useFormat();
  const toggle = (id: string) =>
    change({ lines: wish.lines.includes(id) ? wish.lines.filter((l) => l !== id) : [...wish.lines, id] });
  return (
    <Choices legend={w.goods} wrong={asked && wish.lines.length === 0 ? w.choose : undefined}>
      <p className="muted">{w.goodsHint}</p>
      {(order.lines ?? []).map((l) => (
        <Choice
          key={l.id}
          name="line"
          type="checkbox"
          checked={wish.lines.includes(l.id)}
          onChange={() => toggle(l.id)}
          title={l.title}
          about={`${f.money(l.price)}${l.quantity > 1 ? ` × ${l.quantity}` : ""}`}
        />
      ))}
    </Choices>
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
  const most = worth(order, wish.lines);
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
