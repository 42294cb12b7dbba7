import { useEffect } from "react";
import type { Words } from "@/words/language";

/** Binding is one key of a page: what it does, in words for the help, and whether it also works while typing. */
export interface Binding {
  keys: string[];
  name: string;
  typing?: boolean;
}

/** bindings are all keys of the reviewer's pages. The help is made from this table, so that none can be missing there. */
export const queueKeys: Binding[] = [
  { keys: ["j", "ArrowDown"], name: "down" },
  { keys: ["k", "ArrowUp"], name: "up" },
  { keys: ["Enter", "o"], name: "open" },
  { keys: ["x"], name: "select" },
  { keys: ["n"], name: "next" },
  { keys: ["/"], name: "search" },
  { keys: ["Escape"], name: "escape", typing: true },
  { keys: ["?"], name: "help" },
];

export const caseKeys: Binding[] = [
  ...Array.from({ length: 9 }, (_, i) => ({ keys: [String(i + 1)], name: "item" })),
  { keys: ["["], name: "referenceBack" },
  { keys: ["]"], name: "referenceOn" },
  { keys: ["s"], name: "slider" },
  { keys: ["d"], name: "side" },
  { keys: ["v"], name: "difference" },
  { keys: ["b", " "], name: "blink" },
  { keys: [","], name: "splitLeft" },
  { keys: ["."], name: "splitRight" },
  { keys: ["z"], name: "actual" },
  { keys: ["f"], name: "fit" },
  { keys: ["+", "="], name: "bigger" },
  { keys: ["-"], name: "smaller" },
  { keys: ["ArrowLeft"], name: "left" },
  { keys: ["ArrowRight"], name: "right" },
  { keys: ["l"], name: "layers" },
  { keys: ["a"], name: "mark" },
  { keys: ["w"], name: "full" },
  { keys: ["g"], name: "granted" },
  { keys: ["p"], name: "partly" },
  { keys: ["r"], name: "refused" },
  { keys: ["c"], name: "codes" },
  { keys: ["t"], name: "text" },
  { keys: ["m"], name: "note" },
  { keys: ["Control+Enter"], name: "send", typing: true },
  { keys: ["n"], name: "next" },
  { keys: ["q"], name: "queue" },
  { keys: ["Escape"], name: "escape", typing: true },
  { keys: ["?"], name: "help" },
];

export const keyWords: Words<Record<string, string>> = {
  zh: {
    down: "下一件",
    up: "上一件",
    open: "打开案件",
    select: "选择或取消",
    next: "领取下一件",
    search: "查找编号",
    escape: "关闭、离开输入框",
    help: "显示快捷键",
    item: "第 1 至 9 张证据",
    referenceBack: "上一张对照图",
    referenceOn: "下一张对照图",
    slider: "滑动对比",
    side: "并排",
    difference: "差异",
    blink: "按住：看对照图",
    splitLeft: "分界线左移",
    splitRight: "分界线右移",
    actual: "原始像素",
    fit: "适合窗口",
    bigger: "放大",
    smaller: "缩小",
    left: "左移画面",
    right: "右移画面",
    layers: "显示或隐藏标记",
    mark: "标一处，对照其他照片",
    full: "全屏",
    granted: "支持",
    partly: "部分支持",
    refused: "驳回",
    codes: "选理由",
    text: "写给双方的说明",
    note: "内部备注",
    send: "提交裁决",
    queue: "回到队列",
  },
  en: {
    down: "Next row",
    up: "Row before",
    open: "Open the case",
    select: "Select or not",
    next: "Take the next case",
    search: "Find a number",
    escape: "Close, leave a field",
    help: "Show these keys",
    item: "Evidence 1 to 9",
    referenceBack: "Reference before",
    referenceOn: "Next reference",
    slider: "Slider",
    side: "Side by side",
    difference: "Difference",
    blink: "Hold: see the reference",
    splitLeft: "Move the divide left",
    splitRight: "Move the divide right",
    actual: "Real pixels",
    fit: "Fit",
    bigger: "Zoom in",
    smaller: "Zoom out",
    left: "Move left",
    right: "Move right",
    layers: "Marks on or off",
    mark: "Mark a place, ask the other photos",
    full: "Full screen",
    granted: "Grant",
    partly: "Grant in part",
    refused: "Refuse",
    codes: "Reasons",
    text: "Words for both sides",
    note: "Internal note",
    send: "Send the ruling",
    queue: "Back to the queue",
  },
};

/** nameOf writes a pressed key as the tables do: "j", "?", "Control+Enter". */
export function nameOf(e: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  return e.ctrlKey || e.metaKey ? `Control+${key}` : e.altKey ? `Alt+${key}` : key;
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('textarea, select, input:not([type="checkbox"], [type="radio"], [type="range"])'));

/** useKeys calls act with the name of what a key does; released is true for a key that was held. Keys of dialogs and fields are left to them. */
export function useKeys(table: Binding[], act: (name: string, key: string, released: boolean) => boolean | undefined) {
  useEffect(() => {
    // left is the field of a list of choices that was left with Escape, until the next key or press: closing takes
    // the focus back to it, and on a busy machine only after a while.
    let left: HTMLElement | undefined;
    const stay = (e: FocusEvent) => {
      if (left && e.target === left) left.blur();
    };
    const press = () => {
      left = undefined;
    };
    const hear = (e: KeyboardEvent) => {
      if (e.isComposing) return;
      const closing = left !== undefined;
      if (e.type === "keydown") left = undefined;
      const key = nameOf(e);
      const found = table.find((b) => b.keys.includes(key));
      if (!found) return;
      // Leaving a list of choices leaves its field too, so that the page's keys work again at once.
      if (found.name === "escape" && e.target instanceof HTMLElement && e.target.closest(".ant-select")) {
        if (e.type === "keyup") return;
        const field = e.target;
        left = field;
        setTimeout(() => field.blur()); // the list hears of this key only after us
        return;
      }
      if (typing(e.target) && !found.typing) return;
      if (
        (key === "Enter" || key === " ") &&
        e.target instanceof HTMLElement &&
        e.target.closest("a, button, summary, input, video, [role=button]")
      )
        return;
      if (
        document.querySelector(
          `dialog[open], .ant-modal-wrap:not([style*='display: none'])${closing ? "" : ", .ant-select-open"}`,
        ) &&
        found.name !== "help"
      )
        return;
      // A key that is held repeats itself; space would scroll the page meanwhile.
      if (e.repeat && found.name === "blink") e.preventDefault();
      else if (act(found.name, key, e.type === "keyup")) e.preventDefault();
    };
    addEventListener("keydown", hear, true); // before a list of choices keeps Escape to itself
    addEventListener("keyup", hear);
    addEventListener("focusin", stay);
    addEventListener("pointerdown", press, true);
    return () => {
      removeEventListener("keydown", hear, true);
      removeEventListener("keyup", hear);
      removeEventListener("focusin", stay);
      removeEventListener("pointerdown", press, true);
    };
  }, [table, act]);
}
