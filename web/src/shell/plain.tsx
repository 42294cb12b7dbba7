import { Outlet } from "react-router";
import { useLive } from "@/api/live";
import { useMe } from "@/session/me";
import { useLanguage } from "@/words/language";
import { ForbiddenPage } from "./forbidden";
import { Head } from "./head";
import { useMay } from "./rights";
import { tabsOf } from "./tabs";

/** Plain frames the pages of buyers and visitors, without the staff's component library. */
export function Plain() {
  const language = useLanguage();
  const { me } = useMe();
  const allowed = useMay(me);
  useLive(!!me && !me.pending);
  return (
    <>
      <Head me={me} tabs={tabsOf(me, true, language)} />
      {allowed ? <Outlet /> : <ForbiddenPage />}
    </>
  );
}
