import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { api, must } from "@/api/client";
import { lastOf } from "@/api/lists";
import type { ListedClaim, ListListedClaim } from "@/api/schema";
import { whatNext } from "@/claim/next";
import { EndlessList } from "@/ui/endless";
import { useFormat } from "@/ui/format";
import { Countdown } from "@/ui/now";
import { Empty } from "@/ui/states";
import { OutcomeTag, StateTag } from "@/ui/tags";
import { kinds, reasons, useWord } from "@/words/domain";
import { useLanguage, useWords } from "@/words/language";
import { inboxWords } from "./inbox-words";
import { type Tab, tabs } from "./tabs";
import "./shop.css";

/** InboxPage lists a shop's claims, those that wait for its answer first and by the time that is left. */
export default function InboxPage() {
  const w = useWords(inboxWords);
  const [params, setParams] = useSearchParams();
  const tab = tabs.find((t) => t.name === params.get("tab")) ?? tabs[0];
  const q = params.get("q") ?? "";
  return (
    <main id="main" className="page inbox">
      <div className="page-head">
        <h1>{w.title}</h1>
        <Search
          key={q}
          start={q}
          set={(text) =>
            setParams(
              (p) => {
                if (text) p.set("q", text);
                else p.delete("q");
                return p;
              },
              { replace: true },
            )
          }
        />
      </div>
      <nav className="tabs" aria-label={w.tabs}>
        {tabs.map((t) => (
          <Link
            key={t.name}
            to={{
              search: new URLSearchParams({
                ...(t === tabs[0] ? {} : { tab: t.name }),
                ...(q ? { q } : {}),
              }).toString(),
            }}
            aria-current={t === tab ? "page" : undefined}
          >
            {w.names[t.name]}
          </Link>
        ))}
      </nav>
      <Claims tab={tab} q={q} />
    </main>
  );
}

function Search({ start, set }: { start: string; set: (text: string) => void }) {
  const w = useWords(inboxWords);
  const [text, setText] = useState(start);
  return (
    <search>
      <form
        className="row"
        onSubmit={(e) => {
          e.preventDefault();
          set(text.trim());
        }}
      >
        <input
          className="input search"
          type="search"
          aria-label={w.search}
          placeholder={w.search}
          maxLength={64}
          value={text}
          onChange={(e) => {
            setText(e.target.value);
            if (e.target.value === "") set("");
          }}
        />
        <button type="submit" className="btn">
          {w.find}
        </button>
      </form>
    </search>
  );
}

function useClaims(tab: Tab, q: string) {
  return useInfiniteQuery({
    queryKey: ["shop-inbox", tab.name, q],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      must<ListListedClaim>(
        api.GET("/v1/claims", {
          params: {
            query: { state: tab.states, sort: tab.sort, q: q || undefined, limit: 50, after: pageParam || undefined },
          },
          querySerializer: { array: { style: "form", explode: false } },
        }),
      ),
    getNextPageParam: (last) => last.next || undefined,
  });
}

function Claims({ tab, q }: { tab: Tab; q: string }) {
  const w = useWords(inboxWords);
  const list = useClaims(tab, q);
  return (
    <EndlessList
      list={list}
      id={(claim) => claim.id}
      label={w.names[tab.name]}
      className="rows"
      height={78}
      lines={56}
      empty={<Empty title={q ? w.noneFound : w.none[tab.name]}>{q ? w.noneFoundAbout : w.noneAbout[tab.name]}</Empty>}
    >
      {(claim) => <Row claim={claim} state={tab.name !== "answer"} />}
    </EndlessList>
  );
}

/** Row is one claim; state is left out where all have the same. */
function Row({ claim: c, state }: { claim: ListedClaim; state: boolean }) {
  const w = useWords(inboxWords);
  const word = useWord();
  const f = useFormat();
  const language = useLanguage();
  const next = whatNext(c, "merchant", language);
  const outcome = lastOf(c.decisions)?.outcome;
  const ended = c.state === "decided" || c.state === "closed";
  return (
    <Link to={`/shop/claims/${c.id}`} className="claim-row">
      <span className="claim-what">
        <strong>{word(reasons, c.reason)}</strong>
        <span className="faint">
          {word(kinds, c.kind)} · <span className="mono">{c.order_id}</span>
        </span>
      </span>
      <span className="claim-money num">{f.money(c.ask)}</span>
      <span className="claim-story muted">{c.story || w.noWords}</span>
      <span className="claim-state">
        {ended && outcome && c.closing !== "withdrawn" ? (
          <OutcomeTag outcome={outcome} />
        ) : (
          state && <StateTag state={c.state} />
        )}
        {ended && <span className="faint claim-next">{next.title}</span>}
      </span>
      <span className="claim-due">
        {c.due && !(c.state === "review") ? <Countdown due={c.due} /> : null}
        <span className="faint">{f.moment(c.submitted_at ?? c.opened_at)}</span>
      </span>
    </Link>
  );
}
