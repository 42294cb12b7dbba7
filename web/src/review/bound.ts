/** oneIn writes a bound on false alarms as people say it: "1 in 100,000", "十万分之一" style counts with grouped digits; undefined for none. */
export function oneIn(bound: number | undefined, language: "zh" | "en"): string | undefined {
  if (!bound || !(bound > 0) || bound > 1) return undefined;
  // The bound is an upper one: cut to one digit, towards more alarms, as the server's own sentence does.
  const one = 10 ** Math.floor(Math.log10(1 / bound) + 1e-9);
  const n = Math.floor(1 / bound / one + 1e-9) * one;
  // Beyond a milliard a number says nothing to anybody.
  const said = Math.min(n, 1e9);
  const text = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB").format(said);
  return language === "zh" ? `每 ${text} 张至多 1 张` : `1 in ${text}`;
}
