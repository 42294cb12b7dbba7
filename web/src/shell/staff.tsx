import { useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { Again } from "@/account/again";
import { useLive } from "@/api/live";
import { home, useMe } from "@/session/me";
import { Loading, TroubleBox } from "@/ui/states";
import { useLanguage } from "@/words/language";
import { ForbiddenPage } from "./forbidden";
import { Head } from "./head";
import { useMay } from "./rights";
import { tabsOf } from "./tabs";

/** Staff frames the pages of staff and merchants: the tabs of their roles, live updates. */
export default function Staff() {
  const language = useLanguage();
  const { me, error, isPending, refetch } = useMe();
  const here = useLocation();
  const allowed = useMay(me);
  useLive(!!me && !me.pending && !me.set_up?.length);
  useEffect(() => {
    document.documentElement.classList.add("staff");
    return () => document.documentElement.classList.remove("staff");
  }, []);
  if (isPending)
    return (
      <main id="main" className="page">
        <Loading />
      </main>
    );
  if (error)
    return (
      <main id="main" className="page">
        <TroubleBox error={error} retry={() => void refetch()} />
      </main>
    );
  if (!me) return <Navigate to={`/sign-in?to=${encodeURIComponent(here.pathname + here.search)}`} replace />;
  if (me.pending || me.set_up?.length) return <Navigate to={home(me)} replace />;
  return (
    <>
      <Head me={me} tabs={tabsOf(me, false, language)} />
      <Again me={me} />
      {allowed ? <Outlet /> : <ForbiddenPage />}
    </>
  );
}
