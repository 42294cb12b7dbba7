import { Link } from "react-router";
import type { AuditEntry } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { parties, useWord } from "@/words/domain";
import { events, streams } from "@/words/events";
import { useWords } from "@/words/language";
import { type Filters, groupOf } from "./filters";
import { auditWords } from "./words";

/** Entry is one event: when, what, to what, by whom, and its particulars to be opened. */
export function Entry({ of: e, narrow }: { of: AuditEntry; narrow: (by: Filters) => void }) {
  const w = useWords(auditWords);
  const f = useFormat();
  const word = useWord();
  const who = e.by.name || (e.by.role === "machine" ? "" : e.by.id);
  const role = word(parties, e.by.role);
  return (
    <div className="op-entry">
      <time className="faint num" dateTime={e.at}>
        {f.moment(e.at)}
      </time>
      <span className="op-entry-what">
        <span className="tag plain">{word(streams, groupOf(e.stream))}</span>
        <strong title={e.kind}>{word(events, e.kind)}</strong>
      </span>
      <span className="op-entry-by">
        <button type="button" className="op-link" title={w.who(who || role)} onClick={() => narrow({ by: e.by.id })}>
          {who || role}
        </button>
        {who && <span className="faint"> {role}</span>}
      </span>
      <span className="op-entry-of mono">
        {e.claim_id ? (
          <Link to={`/review/${e.claim_id}`} title={w.openCase}>
            {e.claim_id}
          </Link>
        ) : (
          <button
            type="button"
            className="op-link"
            title={w.who(e.stream)}
            onClick={() => narrow({ stream: e.stream })}
          >
            {e.stream.slice(groupOf(e.stream).length + 1) || e.stream}
          </button>
        )}
      </span>
      <Body of={e.body} />
    </div>
  );
}

/** Body shows an event's particulars as readable JSON. */
function Body({ of }: { of: unknown }) {
  const w = useWords(auditWords);
  if (of == null || (typeof of === "object" && Object.keys(of).length === 0)) return null;
  return (
    <details>
      <summary>{w.body}</summary>
      <pre className="op-json">{JSON.stringify(of, null, 2)}</pre>
    </details>
  );
}
