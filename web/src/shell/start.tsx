import { Link, Navigate } from "react-router";
import { home, useMe } from "@/session/me";
import { Loading, TroubleBox } from "@/ui/states";
import { useWords, type Words } from "@/words/language";

const words: Words<{
  title: string;
  about: string;
  signIn: string;
  progress: string;
  check: string;
  progressAbout: string;
  checkAbout: string;
}> = {
  zh: {
    title: "两边都说得清，裁决才站得住",
    about: "持平受理买家的售后申请，检验照片与视频，按时听取双方意见，有疑问的由人来裁决。",
    signIn: "登录",
    progress: "查询申请进度",
    progressAbout: "输入售后申请编号，看走到哪一步。",
    check: "验证证据包",
    checkAbout: "核对一份证据包是否完整、未被改动。",
  },
  en: {
    title: "Both sides heard, so that the answer holds",
    about:
      "Evenhand takes after-sales claims, examines photos and videos, hears both sides in time, and lets people decide what is in doubt.",
    signIn: "Sign in",
    progress: "Follow a claim",
    progressAbout: "Enter a claim number to see where it stands.",
    check: "Check a dossier",
    checkAbout: "See whether a dossier is whole and unaltered.",
  },
};

/** Start sends whoever is signed in to their work, and greets everybody else. */
export function Start() {
  const w = useWords(words);
  const { me, error, isPending, refetch } = useMe();
  if (isPending)
    return (
      <main id="main" className="page narrow">
        <Loading />
      </main>
    );
  if (error)
    return (
      <main id="main">
        <TroubleBox error={error} retry={() => void refetch()} />
      </main>
    );
  if (me) return <Navigate to={home(me)} replace />;
  return (
    <main id="main" className="page narrow stack" style={{ gap: 24, paddingTop: "8vh" }}>
      <div className="stack" style={{ gap: 10 }}>
        <h1 className="greeting">{w.title}</h1>
        <p className="muted" style={{ fontSize: 17 }}>
          {w.about}
        </p>
      </div>
      <Link className="btn primary wide greeting-in" to="/sign-in">
        {w.signIn}
      </Link>
      <div style={{ display: "grid", gap: 16, gridTemplateColumns: "repeat(auto-fit, minmax(240px, 1fr))" }}>
        <Link className="card" to="/progress" style={{ textDecoration: "none", color: "inherit" }}>
          <h2>{w.progress}</h2>
          <p className="muted">{w.progressAbout}</p>
        </Link>
        <Link className="card" to="/check" style={{ textDecoration: "none", color: "inherit" }}>
          <h2>{w.check}</h2>
          <p className="muted">{w.checkAbout}</p>
        </Link>
      </div>
    </main>
  );
}
