import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  completionKeymap,
  snippetCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { FieldProblem } from "@/api/schema";
import { useLanguage } from "@/words/language";
import { suggest } from "./complete";
import { phrases } from "./phrases";

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--ink-3)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent-strong)", fontWeight: "600" },
  { tag: tags.string, color: "var(--blue)" },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: "var(--ink-3)" },
  { tag: tags.content, color: "var(--ink)" },
]);

const looks = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "13.5px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--ink-3)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 45%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft) !important",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--line-2)",
    borderRadius: "8px",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-tooltip-autocomplete ul li": { padding: "3px 8px !important" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85", marginLeft: "1.2em" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)" },
  ".cm-panel.cm-search": { padding: "6px 34px 6px 8px", fontSize: "14px" },
  ".cm-panel.cm-search label": { fontSize: "14px" },
  // The library's buttons are light in every scheme, and its colour for what is written on them is the page's.
  ".cm-button": {
    backgroundImage: "none",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--line-2)",
    borderRadius: "6px",
    fontSize: "14px",
  },
  ".cm-button:active": { backgroundImage: "none", backgroundColor: "var(--sunken)" },
  ".cm-textfield": {
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--line-2)",
    borderRadius: "6px",
    fontSize: "14px",
  },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink)", fontSize: "20px", minWidth: "28px", minHeight: "28px" },
});

const types = {
  keyword: "keyword",
  variable: "variable",
  property: "property",
  function: "function",
  constant: "constant",
};

function complete(context: CompletionContext): CompletionResult | null {
  const { doc } = context.state;
  const line = doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const above: string[] = [];
  for (let n = 1; n < line.number; n++) above.push(doc.line(n).text);
  const found = suggest(before, above, doc.toString(), context.explicit);
  if (!found?.options.length) return null;
  return {
    from: line.from + found.from,
    options: found.options.map((o) =>
      o.snippet
        ? snippetCompletion(o.snippet, { label: o.label, detail: o.detail, type: types[o.kind] })
        : { label: o.label, detail: o.detail, type: types[o.kind] },
    ),
    validFor: /^\w*$/,
  };
}

/** marks puts each problem of a check on the line and column it names. */
function marks(state: EditorState, problems: readonly FieldProblem[]): Diagnostic[] {
  return problems.map((p) => {
    const line = state.doc.line(Math.min(Math.max(p.line ?? 1, 1), state.doc.lines));
    const from = Math.min(line.from + Math.max((p.column ?? 1) - 1, 0), line.to);
    const word = /^[\w.]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 1;
    return { from, to: Math.min(from + word, line.to), severity: "error", message: p.detail };
  });
}

export interface EditorProps {
  value: string;
  onChange?: (text: string) => void;
  problems?: readonly FieldProblem[];
  label: string;
  /** go is a place to show: line and column from 1; a new object goes there again. */
  go?: { line: number; column: number };
}

const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute("content") ?? "";

/** Editor shows rules as YAML with conditions in CEL; without onChange they can only be read. */
export default function Editor({ value, onChange, problems, label, go }: EditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const tell = useRef(onChange);
  const first = useRef(value);
  tell.current = onChange;
  const writes = !!onChange;
  const language = useLanguage();
  useEffect(() => {
    if (!box.current) return;
    const made = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          nonce ? EditorView.cspNonce.of(nonce) : [],
          lineNumbers(),
          foldGutter(),
          lintGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          autocompletion({ override: [complete] }),
          yaml(),
          syntaxHighlighting(colours),
          looks,
          language === "zh" ? EditorState.phrases.of(phrases) : [],
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          EditorState.tabSize.of(2),
          // Escape, then Tab, leaves the editor by keyboard.
          keymap.of([...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
          EditorState.readOnly.of(!writes),
          EditorView.updateListener.of((u) => {
            if (u.docChanged) tell.current?.(u.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label, writes, language]);
  useEffect(() => {
    const v = view.current;
    if (v && v.state.doc.toString() !== value)
      v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: value } });
    first.current = value;
  }, [value]);
  useEffect(() => {
    const v = view.current;
    if (v) v.dispatch(setDiagnostics(v.state, marks(v.state, problems ?? [])));
  }, [problems]);
  useEffect(() => {
    const v = view.current;
    if (!v || !go) return;
    const line = v.state.doc.line(Math.min(Math.max(go.line, 1), v.state.doc.lines));
    v.dispatch({
      selection: { anchor: Math.min(line.from + Math.max(go.column - 1, 0), line.to) },
      effects: EditorView.scrollIntoView(line.from, { y: "center" }),
    });
    v.focus();
  }, [go]);
  return <div ref={box} className="rules-editor" />;
}
