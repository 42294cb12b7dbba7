import type { Case } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Loading, TroubleBox } from "@/ui/states";
import { parties, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { useStory } from "./case";
import { type Told, tell } from "./story";
import { claimWords } from "./words";

/** Timeline tells what happened, newest first, in the words of the record and of the parties. */
export function Timeline({ of }: { of: Case }) {
  const { data, error, isPending, refetch } = useStory(of.claim.id);
  const w = useWords(claimWords);
  if (isPending) return <Loading lines={5} />;
  if (error && !data) return <TroubleBox error={error} retry={() => void refetch()} />;
  const told = tell(of, data.lines ?? []);
  return (
    <ol className="story" aria-label={w.timeline}>
      {told.map((t) => (
        <Entry key={t.key} told={t} />
      ))}
    </ol>
  );
}

function Entry({ told: t }: { told: Told }) {
  const w = useWords(claimWords);
  const word = useWord();
  const f = useFormat();
  const language = useLanguage();
  const text =
    t.kind === "claim.evidence_added"
      ? w.evidenceAdded(t.count)
      : t.kind === "claim.screened"
        ? w.evidenceSeen(t.count)
        : pick(t.text, language);
  return (
    <li className={`story-one by-${t.by}`}>
      <div className="story-head">
        <span className="story-what">{text}</span>
        <span className="faint nowrap">
          {word(parties, t.by)} · <time dateTime={t.at}>{f.moment(t.at)}</time>
        </span>
      </div>
      {t.detail.map((d) => (
        <p key={d.en + d.zh} className="muted">
          {pick(d, language)}
        </p>
      ))}
      {t.words && <blockquote className="words">{t.words}</blockquote>}
    </li>
  );
}
