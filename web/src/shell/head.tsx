import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, NavLink, useLocation, useNavigate } from "react-router";
import { api, at } from "@/api/client";
import { useLiveStatus } from "@/api/live";
import type { Me } from "@/api/schema";
import { useBecome } from "@/session/me";
import { useAway } from "@/ui/kit";
import { parties, useWord } from "@/words/domain";
import { setLook, useLanguage, useTheme, useWords, type Words } from "@/words/language";
import type { Tab } from "./tabs";

const words: Words<{
  skip: string;
  brand: string;
  away: string;
  language: string;
  dark: string;
  light: string;
  account: string;
  settings: string;
  out: string;
  signIn: string;
  mainNav: string;
}> = {
  zh: {
    skip: "跳到正文",
    brand: "持平",
    away: "连接中断，正在重连",
    language: "EN: switch to English",
    dark: "切换到深色",
    light: "切换到浅色",
    account: "账号",
    settings: "账号与安全",
    out: "退出登录",
    signIn: "登录",
    mainNav: "主导航",
  },
  en: {
    skip: "Skip to content",
    brand: "Evenhand",
    away: "Connection lost, reconnecting",
    language: "切换到中文",
    dark: "Switch to dark",
    light: "Switch to light",
    account: "Account",
    settings: "Account and security",
    out: "Sign out",
    signIn: "Sign in",
    mainNav: "Main",
  },
};

/** Head is the bar on top of every page: where one is, in which language and light, as whom. */
export function Head({ me, tabs = [], children }: { me: Me | null | undefined; tabs?: Tab[]; children?: ReactNode }) {
  const w = useWords(words);
  const live = useLiveStatus();
  const here = useLocation().pathname;
  const nav = useRef<HTMLElement>(null);
  const current = tabs.filter((t) => `${here}/`.startsWith(`${t.to}/`)).sort((a, b) => b.to.length - a.to.length)[0];
  useEffect(() => {
    document.title = current ? `${current.label} · ${w.brand}` : w.brand;
    // On a phone the tabs scroll sideways, and the current one may lie outside.
    // Asked before the page is laid out, the places would have it laid out twice.
    const bar = nav.current;
    const tab = bar?.querySelector<HTMLElement>('[aria-current="page"]');
    if (!bar || !tab) return;
    const laidOut = new ResizeObserver(() => {
      bar.scrollLeft = tab.offsetLeft - (bar.clientWidth - tab.clientWidth) / 2;
      laidOut.disconnect();
    });
    laidOut.observe(tab);
    return () => laidOut.disconnect();
  }, [current, w]);
  return (
    <>
      {/* Addresses start at <base>, so a link to "#main" would lead to another page. */}
      <button
        type="button"
        className="skip"
        onClick={() => {
          const main = document.getElementById("main");
          main?.setAttribute("tabindex", "-1");
          main?.focus();
        }}
      >
        {w.skip}
      </button>
      <header className="head">
        <Link className="brand" to="/" aria-label={w.brand}>
          <img src={at("icon.svg")} alt="" />
          <span>{w.brand}</span>
        </Link>
        <nav ref={nav} className="nav grow" aria-label={w.mainNav}>
          {tabs.map((t) => (
            <NavLink key={t.to} to={t.to} end={t.end}>
              {t.label}
            </NavLink>
          ))}
        </nav>
        {me && live === "away" && (
          <span className="away" role="status">
            <span className="spin" aria-hidden="true" />
            <span className="away-text">{w.away}</span>
          </span>
        )}
        {children}
        <LookButtons />
        {me ? <AccountMenu me={me} /> : null}
        {me === null && here !== "/sign-in" && (
          <Link className="btn" to="/sign-in">
            {w.signIn}
          </Link>
        )}
      </header>
    </>
  );
}

function LookButtons() {
  const w = useWords(words);
  const language = useLanguage();
  const theme = useTheme();
  return (
    <>
      <button
        type="button"
        className="iconbtn"
        lang={language === "zh" ? "en" : "zh-CN"}
        aria-label={w.language}
        title={w.language}
        onClick={() => setLook({ language: language === "zh" ? "en" : "zh" })}
      >
        {language === "zh" ? "EN" : "中"}
      </button>
      <button
        type="button"
        className="iconbtn"
        aria-label={theme === "dark" ? w.light : w.dark}
        title={theme === "dark" ? w.light : w.dark}
        onClick={() => setLook({ theme: theme === "dark" ? "light" : "dark" })}
      >
        <svg
          width="18"
          height="18"
          viewBox="0 0 18 18"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
        >
          {theme === "dark" ? (
            <path
              strokeLinecap="round"
              d="M9 12.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM9 1v1.6M9 15.4V17M1 9h1.6M15.4 9H17M3.3 3.3l1.2 1.2M13.5 13.5l1.2 1.2M14.7 3.3l-1.2 1.2M4.5 13.5l-1.2 1.2"
            />
          ) : (
            <path strokeLinejoin="round" d="M15.5 10.8A6.8 6.8 0 0 1 7.2 2.5a6.8 6.8 0 1 0 8.3 8.3Z" />
          )}
        </svg>
      </button>
    </>
  );
}

function AccountMenu({ me }: { me: Me }) {
  const w = useWords(words);
  const word = useWord();
  const [open, setOpen] = useState(false);
  const box = useAway<HTMLDivElement>(open, () => setOpen(false));
  const go = useNavigate();
  const become = useBecome();
  const signOut = async () => {
    setOpen(false);
    await api.DELETE("/v1/session").catch(() => undefined);
    become(null);
    void go("/sign-in");
  };
  const roles = (me.roles ?? []).map((r) => word(parties, r)).join(" · ");
  return (
    <div className="menu" ref={box}>
      <button
        type="button"
        className="iconbtn"
        aria-label={w.account}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <svg
          width="20"
          height="20"
          viewBox="0 0 20 20"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
        >
          <circle cx="10" cy="7" r="3.4" />
          <path d="M3.5 17a6.6 6.6 0 0 1 13 0" strokeLinecap="round" />
        </svg>
      </button>
      {open && (
        <div className="menu-list">
          <div className="menu-who">
            <strong>{me.name || me.login || w.account}</strong>
            <div className="faint">{roles}</div>
          </div>
          {me.kind === "session" && (
            <Link to="/account" onClick={() => setOpen(false)}>
              {w.settings}
            </Link>
          )}
          <button type="button" onClick={signOut}>
            {w.out}
          </button>
        </div>
      )}
    </div>
  );
}
