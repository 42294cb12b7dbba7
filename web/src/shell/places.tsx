import { isRouteErrorResponse, Link, useRouteError } from "react-router";
import { isOffline } from "@/api/problem";
import { Button } from "@/ui/kit";
import { Scales } from "@/ui/states";
import { useWords, type Words } from "@/words/language";

const words: Words<{
  notFound: string;
  notFoundAbout: string;
  home: string;
  crash: string;
  crashAbout: string;
  reload: string;
  old: string;
  oldAbout: string;
}> = {
  zh: {
    notFound: "这里没有页面",
    notFoundAbout: "地址可能输错了，或者页面已经搬走。",
    home: "回到首页",
    crash: "页面出错了",
    crashAbout: "这是我们的问题，数据没有丢失。重新加载通常就能恢复。",
    reload: "重新加载",
    old: "页面有新版本，或网络中断",
    oldAbout: "重新加载后继续，已提交的内容都在。",
  },
  en: {
    notFound: "There is no page here",
    notFoundAbout: "The address may be mistyped, or the page has moved.",
    home: "To the start page",
    crash: "This page broke",
    crashAbout: "That is our fault, and nothing is lost. Loading it again usually helps.",
    reload: "Load again",
    old: "A newer version, or no connection",
    oldAbout: "Load the page again and go on; everything you sent is there.",
  },
};

export function NotFoundPage() {
  const w = useWords(words);
  return (
    <main id="main" className="place" style={{ minHeight: "60vh" }}>
      <Scales size={72} />
      <h1>{w.notFound}</h1>
      <p>{w.notFoundAbout}</p>
      <Link className="btn primary" to="/">
        {w.home}
      </Link>
    </main>
  );
}

/** CrashPage stands where a page threw, or its script could not be loaded. */
export function CrashPage() {
  const w = useWords(words);
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFoundPage />;
  const lost = isOffline(error) || (error instanceof TypeError && /import|fetch|module/i.test(error.message));
  return (
    <main id="main" className="place" style={{ minHeight: "70vh" }}>
      <Scales size={72} />
      <h1>{lost ? w.old : w.crash}</h1>
      <p>{lost ? w.oldAbout : w.crashAbout}</p>
      <Button kind="primary" onClick={() => location.reload()}>
        {w.reload}
      </Button>
    </main>
  );
}
