/**
 * oneIn writes a bound on false alarms as people say it: "1 in 100,000" in English, with grouped digits; undefined for
 * none. It is cut to one figure, towards more alarms, by the rule of the server's own sentence (evidence/bound.go): a
 * bound that is round but for the last digits of a binary fraction is the round one.
 */
export function oneIn(bound: number | undefined, language: "zh" | "en"): string | undefined {
  if (!bound || !(bound > 0) || bound > 1) return undefined;
  // Beyond a milliard a number says nothing to anybody.
  const per = Math.min((1 / bound) * (1 + 1e-6), 1e9);
  const one = 10 ** Math.floor(Math.log10(per));
  const text = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB").format(Math.floor(per / one) * one);
  return language === "zh" ? `每 ${text} 张至多 1 张` : `1 in ${text}`;
}
