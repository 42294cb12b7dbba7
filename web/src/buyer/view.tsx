import type { Case, Item } from "@/api/schema";
import { DossierButton, OrderFacts } from "@/claim/facts";
import { NextBox } from "@/claim/head";
import { Photos } from "@/claim/photos";
import { isStatement } from "@/claim/statement";
import { Timeline } from "@/claim/timeline";
import { claimWords } from "@/claim/words";
import { pick, useLanguage, useWords, type Words } from "@/words/language";
import { BuyerActs, OtherActs } from "./acts";
import "@/claim/claim.css";

const words: Words<{ found: string; person: string; personWords: string; mine: string; noWords: string }> = {
  zh: {
    found: "检测说明",
    person: "照片已检测。检测结果只作参考，由人裁决。",
    personWords: "文字说明已检测。检测结果只作参考，由人裁决。",
    mine: "我的说明",
    noWords: "没有填写说明",
  },
  en: {
    found: "What the examination says",
    person: "Your photos have been examined. That informs a person's decision; it never replaces one.",
    personWords: "Your written words have been examined. That informs a person's decision; it never replaces one.",
    mine: "My words",
    noWords: "No words were added",
  },
};

/** BuyerView is a claim as its buyer follows it: what next, what to do, what is there, what happened. */
export function BuyerView({ of }: { of: Case }) {
  const w = useWords(words);
  const c = useWords(claimWords);
  const mine = (of.evidence ?? []).filter((it) => it.party === "buyer");
  const theirs = (of.evidence ?? []).filter((it) => it.party !== "buyer");
  return (
    <main id="main" className="page narrow stack" style={{ gap: 24 }}>
      <NextBox of={of} side="buyer" />
      <BuyerActs of={of} />
      <section className="card section">
        <h2>{c.timeline}</h2>
        <Timeline of={of} />
      </section>
      <section className="card section">
        <h2>{c.photos}</h2>
        {of.claim.story ? <p className="asis">{of.claim.story}</p> : <p className="faint">{w.noWords}</p>}
        <Photos items={mine} />
        {theirs.length > 0 && (
          <>
            <h3>{c.ofMerchant}</h3>
            <Photos items={theirs} />
          </>
        )}
        <Findings items={mine} />
      </section>
      <section className="card section">
        <h2>{c.order}</h2>
        <OrderFacts of={of} />
        <DossierButton id={of.claim.id} />
      </section>
      <OtherActs of={of} />
    </main>
  );
}

/** Findings are the sentences that a buyer may read; what a person still has to look at is not told here. */
function Findings({ items }: { items: Item[] }) {
  const w = useWords(words);
  const language = useLanguage();
  const examined = items.filter((it) => it.screening);
  if (examined.length === 0) return null;
  const sentences = new Set(examined.flatMap((it) => it.screening?.findings ?? []).map((f) => pick(f.text, language)));
  const person = examined.every(isStatement) ? w.personWords : w.person;
  if (sentences.size === 0) return <p className="faint">{person}</p>;
  return (
    <div className="stack tight">
      <h3>{w.found}</h3>
      <ul className="findings">
        {[...sentences].map((s) => (
          <li key={s}>{s}</li>
        ))}
      </ul>
      <p className="faint">{person}</p>
    </div>
  );
}
