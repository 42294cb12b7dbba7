import { useQuery } from "@tanstack/react-query";
import { at } from "@/api/client";
import type { Case, Item } from "@/api/schema";
import { isStatement, StatementText } from "@/claim/statement";
import { useFormat } from "@/ui/format";
import { Loading } from "@/ui/states";
import { kinds, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { caseWords } from "./case-words";
import { explanationQuery } from "./data";
import { paysNothing } from "./ruling";

/** Told is one thing somebody said, sent or did, at its time. */
export interface Told {
  at: string;
  who: "buyer" | "merchant" | "desk";
  title: string;
  text?: string;
  pictures: Item[];
  /** statement is what they handed in as a text. */
  statement?: Item;
  /** times is how often the desk did the same thing in a row. */
  times?: number;
}

type T = (typeof caseWords)["zh"];
type Word = ReturnType<typeof useWord>;

/** toldBy puts what both sides said and sent, and what the desk did meanwhile, into one order of time. */
export function toldBy(
  k: Case,
  lines: { at: string; by: string; kind?: string; text: { zh?: string; en?: string } }[],
  w: T,
  word: Word,
  money: (m: { amount: number; currency: string }) => string,
): Told[] {
  const c = k.claim;
  const out: Told[] = [];
  const remedy = (kind: string, amount: { amount: number; currency: string }) =>
    paysNothing(kind) ? word(kinds, kind) : `${word(kinds, kind)} ${money(amount)}`;
  const photos = (k.evidence ?? []).filter((e) => !isStatement(e));
  out.push({
    at: c.submitted_at ?? c.opened_at,
    who: "buyer",
    title: `${w.says} · ${remedy(c.kind, c.ask)}`,
    text: c.story,
    pictures: [],
  });
  for (const party of ["buyer", "merchant"] as const)
    for (const group of together(photos.filter((e) => e.party === party)))
      out.push({ at: group[0]?.received_at ?? "", who: party, title: "", pictures: group });
  for (const e of [...(k.evidence ?? []), ...(k.references ?? [])].filter(isStatement))
    out.push({
      at: e.received_at,
      who: e.party === "buyer" || e.party === "merchant" ? e.party : "desk",
      title: w.statement,
      pictures: [],
      statement: e,
    });
  // The offer that stands is told once, with what it offers.
  for (const a of c.answers ?? [])
    if (a.kind !== "offer" || a.at !== c.offer?.at)
      out.push({ at: a.at, who: "merchant", title: w.answered[a.kind] ?? a.kind, text: a.text, pictures: [] });
  if (c.offer)
    out.push({
      at: c.offer.at,
      who: c.offer.by?.role === "merchant" ? "merchant" : "desk",
      title: `${w.offers} · ${remedy(c.offer.remedy.kind, c.offer.remedy.amount)}`,
      text: c.offer.text,
      pictures: [],
    });
  for (const q of c.asked ?? []) {
    out.push({
      at: q.at,
      who: "desk",
      title: q.to === "buyer" ? w.asks.buyer : w.asks.merchant,
      text: pick(q.text),
      pictures: [],
    });
    // A merchant's answer to the claim is also the answer to what was asked: it is told once.
    if (q.answer && q.answered_at && !c.answers?.some((a) => a.text === q.answer))
      out.push({
        at: q.answered_at,
        who: q.to === "buyer" ? "buyer" : "merchant",
        title: "",
        text: q.answer,
        pictures: [],
      });
  }
  for (const a of c.appeals ?? [])
    out.push({
      at: a.at,
      who: a.side === "merchant" ? "merchant" : "buyer",
      title: w.appeals,
      text: a.text,
      pictures: [],
    });
  for (const l of lines)
    if (
      l.by !== "buyer" &&
      l.by !== "merchant" &&
      l.by !== "integrator" &&
      (l.kind !== "claim.offered" || Date.parse(l.at) !== Date.parse(c.offer?.at ?? ""))
    )
      out.push({ at: l.at, who: "desk", title: pick(l.text), pictures: [] });
  return inOne(out.sort((a, b) => a.at.localeCompare(b.at)));
}

/** inOne makes one line of what the desk did several times in a row, at the last of those times. */
export function inOne(list: Told[]): Told[] {
  const out: Told[] = [];
  for (const t of list) {
    const last = out.at(-1);
    if (
      last &&
      t.who === "desk" &&
      last.who === "desk" &&
      last.title === t.title &&
      last.text === t.text &&
      !t.statement
    )
      out[out.length - 1] = { ...t, times: (last.times ?? 1) + 1 };
    else out.push(t);
  }
  return out;
}

/** together groups what one side sent within ten minutes. */
export function together(items: Item[]): Item[][] {
  const out: Item[][] = [];
  for (const item of [...items].sort((a, b) => a.received_at.localeCompare(b.received_at))) {
    const last = out.at(-1);
    const began = last?.[0]?.received_at;
    if (last && began && new Date(item.received_at).getTime() - new Date(began).getTime() < 600_000) last.push(item);
    else out.push([item]);
  }
  return out;
}

/** Stories shows both sides on one line of time: the buyer left, the merchant right, the desk between. */
export function Stories({ k, onShow }: { k: Case; onShow: (item: string) => void }) {
  const w = useWords(caseWords);
  const word = useWord();
  const f = useFormat();
  useLanguage();
  const lines = useQuery({ ...explanationQuery(k.claim.id), enabled: !k.blind });
  const list = toldBy(k, lines.data?.lines ?? [], w, word, (m) => f.money(m));
  return (
    <section className="card" aria-labelledby="stories">
      <h2 id="stories">{w.stories}</h2>
      {lines.isLoading && <Loading lines={3} />}
      <ol className="stories">
        {list.map((t, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: told once, in this order
          <li key={i} className={t.who}>
            <div className="row tight between">
              <strong>
                {t.who === "desk"
                  ? `${t.title}${t.times ? ` × ${t.times}` : ""}`
                  : `${t.who === "buyer" ? w.buyer : w.merchant}${t.title ? ` · ${t.title}` : ""}`}
              </strong>
              <time className="faint num" dateTime={t.at}>
                {f.moment(t.at)}
              </time>
            </div>
            {t.text && <p style={{ whiteSpace: "pre-wrap" }}>{t.text}</p>}
            {t.statement && <StatementText item={t.statement} />}
            {t.pictures.length > 0 && (
              <div className="pics">
                {t.pictures.map((p) => (
                  <button key={p.id} type="button" aria-label={word({}, p.name || p.id)} onClick={() => onShow(p.id)}>
                    {p.medium === "photo" ? (
                      <img src={at(`v1/evidence/${p.id}/preview?size=320`)} alt="" loading="lazy" />
                    ) : (
                      <span className="tag">▶ {p.name}</span>
                    )}
                  </button>
                ))}
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
