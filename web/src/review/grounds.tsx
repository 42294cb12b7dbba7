import { useQuery } from "@tanstack/react-query";
import type { Actor, Case, Decision } from "@/api/schema";
import { useMe } from "@/session/me";
import { findingName, findings as findingWords, parties, strengths, useWord } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { caseWords } from "./case-words";
import { reasonsQuery } from "./data";
import { numbered } from "./findings";

/** Grounds are what a ruling rests on and whose it is: its reasons, the findings ticked for it, who wrote and who confirmed it. */
export function Grounds({ k, d, by }: { k: Case; d: Decision; by: string }) {
  const w = useWords(caseWords);
  const word = useWord();
  const language = useLanguage();
  const codes = useQuery(reasonsQuery);
  const list = numbered(k.evidence ?? []);
  // What the sides settled between them nobody ruled.
  const ruled = d.by.role.endsWith("reviewer");
  const reasonOf = (code: string) => {
    const text = codes.data?.items?.find((c) => c.code === code)?.text;
    return text ? pick(text, language) : code;
  };
  const findingOf = (ref: { evidence: string; code: string }) => {
    const n = list.find((x) => x.item.id === ref.evidence && x.finding.code === ref.code);
    const name = n ? findingName(n.finding, language) : word(findingWords, ref.code);
    return n ? `${n.number} ${name} (${word(strengths, n.finding.strength)})` : name;
  };
  return (
    <>
      <dl className="case-facts">
        {!!d.reasons?.length && (
          <>
            <dt>{w.codes}</dt>
            <dd>{d.reasons.map(reasonOf).join(language === "zh" ? "" : " ")}</dd>
          </>
        )}
        {ruled && (
          <>
            <dt>{w.restsOn}</dt>
            <dd>
              {d.findings?.length ? d.findings.map(findingOf).join(language === "zh" ? "、" : ", ") : w.restsOnNone}
            </dd>
          </>
        )}
        {(ruled || d.by.role === "machine") && (
          <>
            <dt>{by}</dt>
            <dd>
              <Who actor={d.by} />
            </dd>
          </>
        )}
        {d.second?.id && (
          <>
            <dt>{w.second}</dt>
            <dd>
              <Who actor={d.second} />
            </dd>
          </>
        )}
      </dl>
      {d.note && (
        <p className="muted" style={{ whiteSpace: "pre-wrap" }}>
          <b>
            {w.note} · {w.noteHint}
          </b>
          <br />
          {d.note}
        </p>
      )}
    </>
  );
}

function Who({ actor }: { actor: Actor }) {
  const w = useWords(caseWords);
  const word = useWord();
  const { me } = useMe();
  return (
    <>
      {word(parties, actor.role)}
      {actor.id && actor.role !== "machine" && (
        <>
          {" "}
          <code>{actor.id}</code>
        </>
      )}
      {me?.id === actor.id && w.you}
    </>
  );
}
