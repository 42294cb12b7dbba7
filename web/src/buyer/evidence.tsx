import type { Case, Requirement } from "@/api/schema";
import { Photos } from "@/claim/photos";
import { Sendings, TakePicture } from "@/claim/sender";
import type { Courier, Sending } from "@/claim/upload";
import { Tag } from "@/ui/kit";
import { purposes, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { mediaOf, missingFrom } from "./filing";
import { filingWords } from "./words";

interface Props {
  need: Requirement[];
  of: Case;
  courier: Courier;
  sending: Sending[];
}

/** EvidenceStep asks for one picture after the other and says why; the camera opens from the page. */
export function EvidenceStep({ need, of, courier, sending }: Props) {
  const w = useWords(filingWords);
  const language = useLanguage();
  const word = useWord();
  const missing = missingFrom(need, of.claim.evidence ?? []);
  const items = of.evidence ?? [];
  const kept = new Set(items.map((it) => it.id));
  const going = (purpose: string) => sending.filter((s) => s.purpose === purpose && !kept.has(s.evidence ?? ""));
  return (
    <div className="stack">
      <p className="muted">{need.length > 0 ? w.evidenceHint : w.noneNeeded}</p>
      {need.map((r) => {
        const lacking = missing.includes(r);
        return (
          <section key={r.purpose + r.medium} className="card stack" style={{ gap: 12 }}>
            <div className="row between">
              <h2>{word(purposes, r.purpose)}</h2>
              <Tag tone={lacking ? "amber" : "good"}>
                <span aria-hidden="true">{lacking ? "○" : "✓"}</span>
                {lacking ? w.still : w.got}
              </Tag>
            </div>
            <p className="muted">{pick(r.text, language)}</p>
            <OfPurpose items={items} purpose={r.purpose} />
            <Sendings courier={courier} list={going(r.purpose)} />
            <TakePicture
              courier={courier}
              purpose={r.purpose}
              media={mediaOf(r) as ("photo" | "video")[]}
              primary={lacking}
              about={word(purposes, r.purpose)}
            />
          </section>
        );
      })}
      <section className="card stack" style={{ gap: 12 }}>
        <h2>{w.extra}</h2>
        <p className="muted">{w.extraHint}</p>
        <OfPurpose items={items} purpose="other" />
        <Sendings courier={courier} list={going("other")} />
        <TakePicture courier={courier} purpose="other" media={["photo", "video"]} about={w.extra} />
      </section>
    </div>
  );
}

function OfPurpose({ items, purpose }: { items: NonNullable<Case["evidence"]>; purpose: string }) {
  const mine = items.filter((it) => it.purpose === purpose && it.party === "buyer");
  return mine.length > 0 ? <Photos items={mine} names={false} /> : null;
}
