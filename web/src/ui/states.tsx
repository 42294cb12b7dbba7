import type { ReactNode } from "react";
import { troubleOf } from "@/api/problem";
import { useWords, type Words } from "@/words/language";
import { Button } from "./kit";

const words: Words<{
  loading: string;
  again: string;
  offline: string;
  offlineAbout: string;
  forbidden: string;
  forbiddenAbout: string;
  gone: string;
  goneAbout: string;
  wrong: string;
  busy: string;
  busyAbout: string;
  number: string;
  end: string;
}> = {
  zh: {
    loading: "正在加载",
    again: "重试",
    offline: "连不上服务器",
    offlineAbout: "请检查网络。已填写的内容还在，恢复连接后可以继续。",
    forbidden: "没有权限",
    forbiddenAbout: "当前账号不能查看这里的内容。需要的话，请联系运营开通。",
    gone: "没有找到",
    goneAbout: "内容可能已移除，或者链接不完整。",
    wrong: "出了点问题",
    busy: "操作太频繁",
    busyAbout: "请稍等片刻再试。",
    number: "问题编号",
    end: "已经到底了",
  },
  en: {
    loading: "Loading",
    again: "Try again",
    offline: "The server cannot be reached",
    offlineAbout: "Please check your connection. What you typed is still here; go on once you are back.",
    forbidden: "Not for this account",
    forbiddenAbout: "This account may not see this page. An operator can grant it.",
    gone: "Not found",
    goneAbout: "It may have been removed, or the link is incomplete.",
    wrong: "Something went wrong",
    busy: "Too many requests",
    busyAbout: "Please wait a moment and try again.",
    number: "Reference",
    end: "That is all",
  },
};

/** Loading draws the bones of n lines, so that nothing jumps when they arrive. */
export function Loading({ lines = 4, height = 18 }: { lines?: number; height?: number }) {
  const w = useWords(words);
  return (
    <div className="stack" role="status" aria-label={w.loading}>
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bones never change places
        <span key={i} className="bone" style={{ height, width: `${[100, 92, 97, 64][i % 4]}%` }} />
      ))}
    </div>
  );
}

/** Scales are drawn where there is nothing to show: two pans, level. */
export function Scales({ size = 56 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <path d="M6 10h20M16 6v18M11 25h10" strokeLinecap="round" />
      <path d="M4.5 17a4.5 4.5 0 0 0 9 0L9 10.4zM18.5 17a4.5 4.5 0 0 0 9 0L23 10.4z" strokeLinejoin="round" />
    </svg>
  );
}

/** Empty says that there is nothing, why, and what one may do. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="place">
      <Scales />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** TroubleBox shows what the server refused or the network lost, in words, with a way on. */
export function TroubleBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const w = useWords(words);
  const t = troubleOf(error);
  const known: Record<number, [string, string]> = {
    401: [w.forbidden, w.forbiddenAbout],
    403: [w.forbidden, w.forbiddenAbout],
    404: [w.gone, w.goneAbout],
    429: [w.busy, w.busyAbout],
  };
  const [title, about] =
    t.code === "offline" ? [w.offline, w.offlineAbout] : (known[t.status] ?? [t.title || w.wrong, t.detail]);
  return (
    <div className="place" role="alert">
      <Scales />
      <h2>{title}</h2>
      {about && <p>{about}</p>}
      {t.requestId && t.status >= 500 && (
        <p className="faint">
          {w.number} <code>{t.requestId}</code>
        </p>
      )}
      {retry && <Button onClick={retry}>{w.again}</Button>}
    </div>
  );
}

/** EndOfList closes a list that has nothing more to load. */
export function EndOfList() {
  const w = useWords(words);
  return <p className="foot">{w.end}</p>;
}

/** troubleText is the sentence for a toast or a form's foot. */
export function useTroubleText() {
  const w = useWords(words);
  return (error: unknown) => {
    const t = troubleOf(error);
    if (t.code === "offline") return `${w.offline}。`.replace(/。$/, "");
    return t.errors?.map((e) => e.detail).join(" ") || t.detail || t.title || w.wrong;
  };
}

/** wrongAt finds what is said about a field: "body.amount" or any path that ends with it. */
export function wrongAt(error: unknown, field: string): string | undefined {
  if (!error) return undefined;
  return troubleOf(error).errors?.find((e) => e.field === field || e.field.endsWith(`.${field}`))?.detail;
}
