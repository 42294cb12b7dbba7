import { useEffect, useRef } from "react";
import { at } from "@/api/client";
import type { Item, Sighting } from "@/api/schema";
import { useTroubleText } from "@/ui/states";
import { FindingTag } from "@/ui/tags";
import { findingName } from "@/words/domain";
import { pick, useLanguage, useWords } from "@/words/language";
import { markWords } from "./mark-words";
import type { Marking } from "./marking";

interface Props {
  marking: Marking;
  /** items are the claim's photos and films, in the order of their numbers. */
  items: Item[];
  /** beside is the photo that is shown beside the marked one now. */
  beside?: string;
  onBeside: (photo: string) => void;
}

/** Sightings lists what the claim's other photos say of a place that a person marked. */
export function Sightings({ marking, items, beside, onBeside }: Props) {
  const w = useWords(markWords);
  const trouble = useTroubleText();
  const { place, query, answers, others } = marking;
  const head = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // One has just marked a place and waits for what is said of it: it is brought into sight, and nothing more.
    if (place) head.current?.scrollIntoView?.({ block: "nearest", behavior: "smooth" });
  }, [place]);
  if (!place || marking.on) return null; // another place is being marked
  const left = others.length - answers.length;
  return (
    <section className="sightings" aria-label={w.title}>
      <div className="row between" ref={head}>
        <strong>{w.title}</strong>
        <button type="button" className="chip" onClick={marking.clear}>
          {w.clear}
        </button>
      </div>
      <div role="status">
        {query.isPending && (
          <p className="sightings-wait">
            <span className="spin" aria-hidden="true" />
            {w.asking(Math.min(others.length, 8))}
          </p>
        )}
        {query.isSuccess && answers.length === 0 && <p className="muted">{w.none}</p>}
      </div>
      {query.isError && (
        <p role="alert" className="row tight">
          <span>
            {w.failed} {trouble(query.error)}
          </span>
          <button type="button" className="chip" onClick={() => void query.refetch()}>
            {w.retry}
          </button>
        </p>
      )}
      <ul>
        {answers.map((s) => (
          <Answer
            key={s.photo}
            answer={s}
            number={items.findIndex((e) => e.id === s.photo) + 1}
            on={s.photo === beside}
            onPick={() => onBeside(s.photo)}
          />
        ))}
      </ul>
      {answers.length > 0 && (
        <p className="viewer-note">
          {left > 0 && `${w.more(left)} `}
          {w.record}
        </p>
      )}
    </section>
  );
}

interface AnswerProps {
  answer: Sighting;
  /** number is the photo's among the evidence; 0 where it is not there. */
  number: number;
  on: boolean;
  onPick: () => void;
}

/** Answer is what one photo says, and a way to look at it beside the marked one. */
function Answer({ answer, number, on, onPick }: AnswerProps) {
  const w = useWords(markWords);
  const language = useLanguage();
  const { finding, error } = answer;
  const text = pick(finding?.text ?? error, language);
  return (
    <li>
      <button type="button" className="sighting" aria-pressed={on} disabled={number === 0} onClick={onPick}>
        <span className="sighting-photo">
          <img src={at(`v1/evidence/${answer.photo}/preview?size=320`)} alt="" loading="lazy" decoding="async" />
          {number > 0 && <span>{w.photo(number)}</span>}
        </span>
        <span className="sighting-head">
          <strong>{finding ? findingName(finding, language) : w.unread}</strong>
          {finding && <FindingTag strength={finding.strength} stance={finding.stance} />}
        </span>
        <span className="sighting-text">
          {text} <span className="sighting-show">{on ? w.hide : w.show}</span>
        </span>
      </button>
    </li>
  );
}
