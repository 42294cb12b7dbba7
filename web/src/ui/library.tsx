import { theme as antTheme, ConfigProvider, type ThemeConfig } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, useMemo } from "react";
import { type Theme, useLanguage, useTheme } from "@/words/language";

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
      // Words in the accent, which on a dark ground must be the bright one to be read.
      Radio: dark ? { colorPrimary: "#4fb8a8", colorPrimaryHover: "#72cdbf", colorPrimaryActive: "#3da595" } : {},
      Table: { headerBg: dark ? "#191e20" : "#f6f5f1", cellPaddingBlock: 10, headerSplitColor: "transparent" },
    },
  };
}

/**
 * Library dresses what is made of Ant Design. Half of a second of a cold start
 * goes into loading it, so pages whose first sight does without it load this,
 * and what stands in it, afterwards.
 */
export function Library({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const theme = useTheme();
  const config = useMemo(() => themeOf(theme), [theme]);
  return (
    <ConfigProvider
      theme={config}
      locale={language === "zh" ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      csp={nonce ? { nonce } : undefined}
    >
      {children}
    </ConfigProvider>
  );
}
