import type { Words } from "@/words/language";

export const markWords: Words<{
  tool: string;
  stop: string;
  how: string;
  howTouch: string;
  title: string;
  asking: (photos: number) => string;
  clear: string;
  none: string;
  failed: string;
  retry: string;
  photo: (number: number) => string;
  unread: string;
  show: string;
  hide: string;
  more: (photos: number) => string;
  record: string;
}> = {
  zh: {
    tool: "标一处，对照其他照片",
    stop: "取消标记",
    how: "在申请图上拖出一个框，框住损伤处；用键盘时，先移动或放大画面，再按 Enter 取画面中央的虚线框，按 Esc 退出。",
    howTouch: "用手指在申请图上拖出一个框，框住损伤处；双指可缩放。",
    title: "标记 A：其他照片里有没有",
    asking: (n) => `正在对照其他 ${n} 张照片，通常几秒内完成…`,
    clear: "清除标记",
    none: "没有其他照片可以对照。",
    failed: "没能对照：",
    retry: "重试",
    photo: (n) => `证据 ${n}`,
    unread: "这张照片读不了",
    show: "并排查看",
    hide: "正在并排显示",
    more: (n) => `另有 ${n} 张未对照：一次最多对照相邻的 8 张。`,
    record:
      "这些回答不会写入案件记录。如果裁决用到了，请写进裁决理由。标得越多，偶然出现一次“看不到”的机会也越大，所以只标有疑问的地方。",
  },
  en: {
    tool: "Mark a place, ask the other photos",
    stop: "Stop marking",
    how: "Drag a frame around the damage on the claim photo. By keyboard: move or zoom, then press Enter to take the dashed frame in the middle; Esc ends it.",
    howTouch: "Drag a frame around the damage with one finger; two fingers zoom.",
    title: "Place A in the other photos",
    asking: (n) =>
      n === 1 ? "Asking the other photo; it takes a few seconds…" : `Asking ${n} other photos; it takes a few seconds…`,
    clear: "Clear",
    none: "There is no other photo to ask.",
    failed: "The photos could not be asked:",
    retry: "Try again",
    photo: (n) => `Evidence ${n}`,
    unread: "This photo cannot be read",
    show: "Show beside",
    hide: "Shown beside",
    more: (n) =>
      `${n} more ${n === 1 ? "photo was" : "photos were"} not asked: only the eight sent nearest to this one are.`,
    record:
      "These answers are not put into the record; if a ruling rests on them, say so in its grounds. The more places one marks, the likelier a “not there” by chance: mark only what is in doubt.",
  },
};
