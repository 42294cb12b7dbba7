import { Link } from "react-router";
import { Scales } from "@/ui/states";
import { useWords, type Words } from "@/words/language";

const words: Words<{
  forbidden: string;
  forbiddenAbout: string;
  home: string;
  other: string;
}> = {
  zh: {
    forbidden: "当前账号无权访问",
    forbiddenAbout: "这里属于另一种角色。如果你应该能看到，请联系运营开通权限。",
    home: "回到首页",
    other: "换个账号登录",
  },
  en: {
    forbidden: "Not for this account",
    forbiddenAbout: "This page belongs to another role. If you should see it, ask an operator.",
    home: "To the start page",
    other: "Sign in as somebody else",
  },
};

/** ForbiddenPage stands where an address belongs to another role. */
export function ForbiddenPage() {
  const w = useWords(words);
  return (
    <main id="main" className="place" style={{ minHeight: "60vh" }}>
      <Scales size={72} />
      <h1>{w.forbidden}</h1>
      <p>{w.forbiddenAbout}</p>
      <div className="row">
        <Link className="btn primary" to="/">
          {w.home}
        </Link>
        <Link className="btn" to="/sign-in?switch=1">
          {w.other}
        </Link>
      </div>
    </main>
  );
}
