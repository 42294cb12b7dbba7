import { currentLanguage } from "@/words/language";
import {
  actionTerms,
  calls,
  codes,
  fields,
  keys,
  kindTerms,
  reasonTerms,
  stageTerms,
  type Term,
  variables,
  wordOf,
} from "./vocabulary";

/** Suggestion is one completion; snippet writes more than its label. */
export interface Suggestion {
  label: string;
  detail: string;
  kind: "keyword" | "variable" | "property" | "function" | "constant";
  snippet?: string;
}

export interface Suggested {
  /** from is where in the line the word begins that is completed. */
  from: number;
  options: Suggestion[];
}

const terms = (list: readonly Term[], kind: Suggestion["kind"]): Suggestion[] =>
  list.map((t) => ({
    label: t.name,
    detail: [t.type, wordOf(t, currentLanguage())].filter(Boolean).join(" · "),
    kind,
  }));

const functions = (member: boolean): Suggestion[] =>
  calls
    .filter((c) => ["within", "size", "exists"].includes(c.name) === member)
    .map((c) => ({
      label: c.name,
      detail: `${c.type} · ${wordOf(c, currentLanguage())}`,
      kind: "function",
      snippet: c.snippet,
    }));

/** sectionOf is the key at the margin that a line stands under, and the deeper key of the value it goes on with. */
export function sectionOf(above: readonly string[]): { top: string; open: string } {
  let top = "";
  let open = "";
  for (const line of above) {
    const margin = /^([a-z_]+):/.exec(line)?.[1];
    const key = /^\s*(?:- )?([a-z_]+):/.exec(line)?.[1];
    if (margin) top = margin;
    if (key) open = key;
  }
  return { top, open };
}

/** names lists what the text itself names under amounts or lists. */
export function names(source: string, section: "amounts" | "lists"): string[] {
  const body = new RegExp(`^${section}:[^\\n]*\\n((?:[ #][^\\n]*\\n|\\n)*)`, "m").exec(source)?.[1] ?? "";
  return [...body.matchAll(/^ {2}([\w-]+):/gm)].map((m) => m[1] ?? "");
}

/** suggest answers what could stand at the end of line, given the lines above it and the whole text. */
export function suggest(line: string, above: readonly string[], source: string, asked = false): Suggested | undefined {
  const { top, open } = sectionOf(above);
  const key = /^\s*(?:- )?([a-z_]+):/.exec(line)?.[1];
  const word = /[\w.]*$/.exec(line)?.[0] ?? "";
  const here = line.length - word.length;
  if (!key && /^\s*(- )?[a-z_]*$/.test(line) && !(open === "when" && line.trim() === "" && !asked)) {
    const list = !/^\s/.test(line) && !line.startsWith("-") ? keys.top : keysOf(top);
    if (open !== "when" || list === keys.top) return { from: here, options: terms(list, "keyword") };
  }
  const inside = key ?? open;
  if (inside === "then" || inside === "expect") return { from: here, options: terms(actionTerms, "constant") };
  if (inside === "at") return { from: here, options: terms(stageTerms, "constant") };
  if (inside === "when") return condition(line, word, here, source, asked);
  return undefined;
}

function keysOf(top: string): Term[] {
  if (top === "rules") return keys.rule;
  if (top === "terms") return keys.term;
  if (top === "tests") return keys.test;
  return [];
}

/** condition completes CEL: fields after a dot, codes and words in quotes, else what stands alone. */
function condition(line: string, word: string, here: number, source: string, asked: boolean): Suggested | undefined {
  if (/any_finding\(\s*"[\w.]*$/.test(line))
    return { from: here, options: codes.map((label) => ({ label, detail: "", kind: "constant" })) };
  if (/kind\s*(==|!=|in)[^&|]*"\w*$/.test(line)) return { from: here, options: terms(kindTerms, "constant") };
  if (/reason\s*(==|!=|in)[^&|]*"\w*$/.test(line)) return { from: here, options: terms(reasonTerms, "constant") };
  const dot = word.lastIndexOf(".");
  if (dot >= 0) {
    const subject = word.slice(0, dot);
    const from = here + dot + 1;
    if (subject === "amounts" || subject === "lists")
      return { from, options: names(source, subject).map((label) => ({ label, detail: "", kind: "property" })) };
    const list = fields[subject];
    return { from, options: list ? terms(list, "property") : functions(true) };
  }
  if (!word && !asked) return undefined;
  return { from: here, options: [...terms(variables, "variable"), ...functions(false)] };
}
