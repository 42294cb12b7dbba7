import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, must } from "@/api/client";
import type { CheckBody } from "@/api/schema";
import { TroubleBox } from "@/ui/states";
import { actions, useWord } from "@/words/domain";
import { useLanguage, useWords } from "@/words/language";
import { ruleWords } from "./words";

/** useSettled gives a value once it has rested for ms, so that not every key is sent. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** useCheck compiles a text on the server and runs its tests, half a second after the last key. */
export function useCheck(source: string, enabled: boolean) {
  const settled = useSettled(source, 500);
  const language = useLanguage();
  const check = useQuery({
    queryKey: ["policy-check", language, settled],
    enabled: enabled && settled.trim() !== "",
    gcTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: () => must<CheckBody>(api.POST("/v1/policies/check", { body: { source: settled } })),
  });
  return { ...check, behind: settled !== source || check.isFetching };
}

/** CheckPanel says what is wrong with a text, and how its own tests went. */
export function CheckPanel({
  check,
  go,
}: {
  check: ReturnType<typeof useCheck>;
  go: (place: { line: number; column: number }) => void;
}) {
  const w = useWords(ruleWords);
  const word = useWord();
  const { data, error } = check;
  if (error && !data) return <TroubleBox error={error} retry={() => void check.refetch()} />;
  const problems = data?.problems ?? [];
  const failed = data?.failed ?? [];
  return (
    <section className="card stack rules-check" aria-live="polite">
      <div className="row between">
        <h2>
          {!data ? w.checking : problems.length ? w.problems(problems.length) : failed.length ? w.compiles : w.good}
        </h2>
        {check.behind && <span className="faint">{w.checking}</span>}
      </div>
      {problems.length > 0 && (
        <ul className="rules-problems">
          {problems.map((p) => (
            <li key={`${p.line}:${p.column}:${p.detail}`}>
              <button type="button" onClick={() => go({ line: p.line || 1, column: p.column || 1 })}>
                <span className="faint num">{w.at(p.line || 1, p.column || 1)}</span>
                <span>{p.detail}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {data && problems.length === 0 && (
        <p className={failed.length ? "rules-bad" : "rules-good"}>
          <span aria-hidden="true">{failed.length ? "✕ " : "✓ "}</span>
          {w.tests(data.passed, failed.length)}
        </p>
      )}
      {failed.length > 0 && (
        <ul className="rules-problems">
          {failed.map((t) => (
            <li key={`${t.line}:${t.name}`}>
              <button type="button" onClick={() => go({ line: t.line, column: 1 })}>
                <span>{t.name}</span>
                <span className="faint">
                  {t.error ||
                    `${w.got(t.rule, word(actions, t.action))}; ${w.wanted(t.want_rule || "…", word(actions, t.want_action) || "…")}`}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <p className="faint">{w.editorHint}</p>
    </section>
  );
}
