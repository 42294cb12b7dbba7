import { App, theme as antTheme, ConfigProvider, type ThemeConfig } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useEffect, useMemo } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { useLive } from "@/api/live";
import type { Me } from "@/api/schema";
import { Loading, TroubleBox } from "@/ui/states";
import { type Theme, useLanguage, useTheme, useWords, type Words } from "@/words/language";
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

const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute("content") ?? undefined;

// The component library makes one style (for a page behind a dialog) without the
// nonce that it is given. Only the console's own scripts run here, so whatever
// style they make may carry it.
if (nonce) {
  const make = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const made = make(name, options);
    if (made instanceof HTMLStyleElement) made.nonce = nonce;
    return made;
  }) as typeof document.createElement;
}

// The library waits for the end of its transitions, and the style sheet takes
// them away where somebody wants no motion.
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

function themeOf(theme: Theme): ThemeConfig {
  const dark = theme === "dark";
  return {
    cssVar: { key: "evenhand" },
    hashed: false,
    algorithm: dark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      colorPrimary: dark ? "#2f9686" : "#0e6e63",
      colorLink: dark ? "#4fb8a8" : "#0e6e63",
      colorError: dark ? "#f08a72" : "#b3361f",
      colorWarning: dark ? "#e5b35a" : "#8a5a00",
      colorSuccess: dark ? "#7fc78d" : "#28713a",
      colorInfo: dark ? "#8db8e6" : "#2a5d92",
      colorBgBase: dark ? "#1c2123" : "#ffffff",
      colorBgLayout: dark ? "#14181a" : "#f6f5f1",
      colorBgContainer: dark ? "#1c2123" : "#ffffff",
      colorBgElevated: dark ? "#232a2c" : "#ffffff",
      colorText: dark ? "#e9ebe6" : "#1c2421",
      colorTextSecondary: dark ? "#b6beb9" : "#4d5954",
      colorTextTertiary: dark ? "#97a19c" : "#5a6560",
      colorTextPlaceholder: dark ? "#97a19c" : "#5a6560",
      colorTextDescription: dark ? "#97a19c" : "#5a6560",
      colorBorder: dark ? "#455053" : "#c6c2b4",
      colorBorderSecondary: dark ? "#2e3638" : "#dedbd0",
      borderRadius: 8,
      fontFamily: "var(--font)",
      fontFamilyCode: "var(--mono)",
      fontSize: 14,
      controlHeight: 34,
      motion: !still,
    },
    components: {
      // As .btn.primary: dark words on the bright accent of the dark theme.
      Button: dark
        ? {
            colorPrimary: "#4fb8a8",
            colorPrimaryHover: "#72cdbf",
            colorPrimaryActive: "#3da595",
            primaryColor: "#06201c",
            primaryShadow: "none",
          }
        : { primaryShadow: "none" },
      Table: { headerBg: dark ? "#191e20" : "#f6f5f1", cellPaddingBlock: 10, headerSplitColor: "transparent" },
    },
  };
}

/** Staff frames the pages of staff and merchants: Ant Design, the tabs of their roles, live updates. */
export default function Staff() {
  const w = useWords(words);
  const language = useLanguage();
  const theme = useTheme();
  const { me, error, isPending, refetch } = useMe();
  const here = useLocation();
  useLive(!!me && !me.pending && !me.set_up?.length);
  const config = useMemo(() => themeOf(theme), [theme]);
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
    <ConfigProvider
      theme={config}
      locale={language === "zh" ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      csp={nonce ? { nonce } : undefined}
    >
      <App>
        <Head me={me} tabs={tabsOf(me, w)} />
        {allowed ? <Outlet /> : <ForbiddenPage />}
      </App>
    </ConfigProvider>
  );
}
