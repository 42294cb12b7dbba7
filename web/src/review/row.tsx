import { Link } from "react-router";
import type { Queued } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Tag } from "@/ui/kit";
import { Countdown } from "@/ui/now";
import { findings, kinds, reasons, strengths, tasks, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { reviewWords } from "./words";

interface Props {
  item: Queued;
  me: string;
  current: boolean;
  selected: boolean;
  onSelect: () => void;
  onWarm: () => void;
}

/** Row is one case of the queue. */
export function Row({ item, me, current, selected, onSelect, onWarm }: Props) {
  const w = useWords(reviewWords);
  const word = useWord();
  const f = useFormat();
  const held = item.holder && item.lease_until && new Date(item.lease_until) > new Date();
  return (
    <div
      className={`q-row ${current ? "current" : ""}`}
      role="row"
      aria-selected={selected}
      onPointerEnter={onWarm}
      onFocus={onWarm}
    >
      <span role="cell" className="q-select">
        <input type="checkbox" checked={selected} onChange={onSelect} aria-label={w.select(item.claim_id)} />
      </span>
      <span role="cell" className="q-due">
        <Countdown due={item.due} />
      </span>
      <span role="cell" className="q-stakes">
        <Stakes n={item.stakes} />
      </span>
      <span role="cell" className="q-what">
        <Link to={`/review/${item.claim_id}?task=${item.task}`} className="q-link">
          {word(kinds, item.kind)} · {word(reasons, item.reason)}
        </Link>
        <span className="q-tags">
          {item.task !== "decide" && <Tag tone="blue">{word(tasks, item.task)}</Tag>}
          {item.round > 1 && <Tag tone="blue">{word({ appeal: { zh: "申诉", en: "Appeal" } }, "appeal")}</Tag>}
          {item.senior && <Tag>{w.senior}</Tag>}
          {held && <Tag tone={item.holder === me ? "accent" : "plain"}>{item.holder === me ? w.heldByMe : w.held}</Tag>}
        </span>
      </span>
      <span role="cell" className="q-amount num">
        {f.money(item.claim_amount)}
      </span>
      <span role="cell" className={item.strongest ? "q-finding" : "q-finding none"}>
        {item.strongest ? (
          <Tag
            tone={
              item.strongest.stance === "for"
                ? "good"
                : item.strongest.stance === "against" && item.strongest.strength !== "note"
                  ? "seal"
                  : "plain"
            }
          >
            <span aria-hidden="true">
              {item.strongest.stance === "for" ? "▲" : item.strongest.stance === "against" ? "▼" : "◆"}
            </span>
            {word(strengths, item.strongest.strength)} · {word(findings, item.strongest.code)}
          </Tag>
        ) : (
          <span className="faint">—</span>
        )}
      </span>
      <span role="cell" className="q-words" title={item.buyer_words}>
        {item.buyer_words}
      </span>
    </div>
  );
}

/** Stakes are drawn as bars and said as a word. */
export function Stakes({ n }: { n: number }) {
  const w = useWords(reviewWords);
  return (
    <span className={`stakes s${n}`} title={`${w.stakes}: ${w.stakesOf[n] ?? n}`}>
      {[0, 1, 2, 3].map((i) => (
        <i key={i} className={i <= n ? "on" : ""} aria-hidden="true" />
      ))}
      <span className="stakes-word">{w.stakesOf[n] ?? n}</span>
    </span>
  );
}
