/** longest is more than any one-time token has, in characters. */
const longest = 500;

/** tokenOf takes a one-time token out of an address's "#…", as url.QueryEscape wrote it; empty where there is none. */
export function tokenOf(hash: string): string {
  const text = hash.replace(/^#/, "");
  if (text.length > longest) return "";
  try {
    return decodeURIComponent(text.replace(/\+/g, " ")).trim();
  } catch {
    return ""; // cut off within an escape
  }
}
