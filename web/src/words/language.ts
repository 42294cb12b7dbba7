import { useSyncExternalStore } from "react";

export type Language = "zh" | "en";
export type Theme = "light" | "dark";
/** Look is all that the browser keeps: no name, no number, nothing of a claim. */
interface Look {
  language: Language;
  theme: Theme | "system";
}

const key = "evenhand.look";
const listeners = new Set<() => void>();
const system = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : undefined;

function read(): Look {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Look>;
    return {
      language: kept.language === "en" ? "en" : "zh",
      theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "system",
    };
  } catch {
    return { language: "zh", theme: "system" };
  }
}

let look = read();

function apply() {
  const root = document.documentElement;
  root.lang = look.language === "en" ? "en" : "zh-CN";
  root.dataset.theme = currentTheme();
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute("content", currentTheme() === "dark" ? "#14181a" : "#f6f5f1");
}

export function setLook(change: Partial<Look>) {
  look = { ...look, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(look));
  } catch {
    // a private window keeps nothing; the choice lasts as long as the page
  }
  apply();
  for (const tell of listeners) tell();
}

system?.addEventListener("change", () => {
  apply();
  for (const tell of listeners) tell();
});

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

export const currentLanguage = (): Language => look.language;
export const currentTheme = (): Theme => (look.theme === "system" ? (system?.matches ? "dark" : "light") : look.theme);

export const useLanguage = () => useSyncExternalStore(subscribe, currentLanguage, currentLanguage);
export const useTheme = () => useSyncExternalStore(subscribe, currentTheme, currentTheme);

/** useThemeChoice is what was chosen, "system" with it; useTheme what that comes to. */
export const useThemeChoice = () =>
  useSyncExternalStore(
    subscribe,
    () => look.theme,
    () => look.theme,
  );

/** Both is one text in both languages; Words a table of them, every key in each. */
export type Words<T> = { zh: T; en: { [K in keyof T]: T[K] extends string ? string : T[K] } };

/** useWords answers the table in the reader's language. */
export function useWords<T>(words: Words<T>): T {
  return words[useLanguage()] as T;
}

/** pick chooses from a text that the server wrote in both languages. */
export function pick(text: { zh?: string; en?: string } | undefined | null, language = currentLanguage()): string {
  if (!text) return "";
  return (language === "zh" ? text.zh || text.en : text.en || text.zh) ?? "";
}
