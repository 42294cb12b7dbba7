// Before the first paint: the theme and language chosen last, or the system's.
// Only these two words are kept in the browser. And who looks is asked while the
// console itself is still on its way (src/session/me.ts takes the answer).
(() => {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("evenhand.look") || "{}");
  } catch {}
  const dark = kept.theme === "dark" || (kept.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const root = document.documentElement;
  root.dataset.theme = dark ? "dark" : "light";
  root.lang = kept.language === "en" ? "en" : "zh-CN";
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", dark ? "#14181a" : "#f6f5f1");
  const asked = fetch(new URL("v1/me", document.baseURI), {
    credentials: "same-origin",
    headers: { "Accept-Language": kept.language === "en" ? "en" : "zh" },
  });
  asked.catch(() => {}); // said by whoever takes it
  window.evenhandMe = asked;
})();
