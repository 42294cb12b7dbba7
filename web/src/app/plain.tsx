import { Outlet } from "react-router";
import { useLive } from "@/api/live";
import { useWords, type Words } from "@/words/language";
import { Head, type Tab } from "./head";
import { has, useMe } from "./me";

const words: Words<{ my: string; progress: string; check: string }> = {
  zh: { my: "我的售后", progress: "查进度", check: "验证证据包" },
  en: { my: "My claims", progress: "Progress", check: "Check a dossier" },
};

/** Plain frames the pages of buyers and visitors, without the staff's component library. */
export function Plain() {
  const w = useWords(words);
  const { me } = useMe();
  useLive(!!me && !me.pending);
  const tabs: Tab[] = [];
  if (has(me, "buyer") && me?.kind === "session") tabs.push({ to: "/my", label: w.my });
  tabs.push({ to: "/progress", label: w.progress }, { to: "/check", label: w.check });
  return (
    <>
      <Head me={me} tabs={tabs} />
      <Outlet />
    </>
  );
}
