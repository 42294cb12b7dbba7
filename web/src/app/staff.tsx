import { useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { Again } from "@/account/again";
import { useLive } from "@/api/live";
import type { Me } from "@/api/schema";
import { Loading, TroubleBox } from "@/ui/states";
import { useWords, type Words } from "@/words/language";
import { Head, type Tab } from "./head";
import { has, home, useMe } from "./me";
import { ForbiddenPage } from "./places";

const words: Words<{
  review: string;
  inbox: string;
  figures: string;
  shopRules: string;
  overview: string;
  claims: string;
  rules: string;
  people: string;
  detectors: string;
  shops: string;
  users: string;
  keys: string;
  webhooks: string;
  import: string;
  audit: string;
}> = {
  zh: {
    review: "审核队列",
    inbox: "待答复",
    figures: "胜负统计",
    shopRules: "店铺规则",
    overview: "概览",
    claims: "售后申请",
    rules: "规则",
    people: "审核员",
    detectors: "误报监测",
    shops: "店铺",
    users: "账号",
    keys: "密钥",
    webhooks: "推送",
    import: "导入",
    audit: "审计",
  },
  en: {
    review: "Queue",
    inbox: "To answer",
    figures: "Won and lost",
    shopRules: "Shop rules",
    overview: "Overview",
    claims: "Claims",
    rules: "Rules",
    people: "Reviewers",
    detectors: "False alarms",
    shops: "Shops",
    users: "Accounts",
    keys: "Keys",
    webhooks: "Webhooks",
    import: "Import",
    audit: "Audit",
  },
};

/** tabsOf lists what somebody's roles open, in the order of their work. */
function tabsOf(me: Me, w: (typeof words)["zh"]): Tab[] {
  const tabs: Tab[] = [];
  if (has(me, "reviewer", "senior_reviewer")) tabs.push({ to: "/review", label: w.review });
  if (has(me, "merchant"))
    tabs.push(
      { to: "/shop", label: w.inbox, end: true },
      { to: "/shop/figures", label: w.figures },
      { to: "/shop/rules", label: w.shopRules },
    );
  const operator = has(me, "operator");
  const auditor = has(me, "auditor");
  if (operator || auditor || has(me, "senior_reviewer")) {
    tabs.push({ to: "/operator", label: w.overview, end: true });
    if (operator || auditor)
      tabs.push({ to: "/operator/claims", label: w.claims }, { to: "/operator/rules", label: w.rules });
    tabs.push({ to: "/operator/people", label: w.people }, { to: "/operator/detectors", label: w.detectors });
  }
  if (operator || auditor) tabs.push({ to: "/operator/shops", label: w.shops });
  if (operator)
    tabs.push(
      { to: "/operator/users", label: w.users },
      { to: "/operator/keys", label: w.keys },
      { to: "/operator/webhooks", label: w.webhooks },
      { to: "/operator/import", label: w.import },
    );
  if (operator || auditor) tabs.push({ to: "/operator/audit", label: w.audit });
  return tabs;
}

/** may says whether an address belongs to somebody's roles; the server checks every request anyway. */
export function may(me: Me, path: string): boolean {
  if (path.startsWith("/review")) return has(me, "reviewer", "senior_reviewer", "operator", "auditor");
  if (path.startsWith("/shop")) return has(me, "merchant");
  if (path.startsWith("/operator")) return has(me, "operator", "auditor", "senior_reviewer");
  return true;
}

/** Staff frames the pages of staff and merchants: the tabs of their roles, live updates. */
export default function Staff() {
  const w = useWords(words);
  const { me, error, isPending, refetch } = useMe();
  const here = useLocation();
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
  const allowed = may(me, here.pathname);
  return (
    <>
      <Head me={me} tabs={tabsOf(me, w)} />
      <Again me={me} />
      {allowed ? <Outlet /> : <ForbiddenPage />}
    </>
  );
}
