import type { Item } from "@/api/schema";
import { isStatement } from "./statement";

/** calledAmong is a picture's name among those shown with it: what it shows, and a number where several show the same. */
export function calledAmong(items: readonly Item[], item: Item, purpose: string): string {
  const alike = items.filter((it) => !isStatement(it) && it.purpose === item.purpose);
  const n = alike.findIndex((it) => it.id === item.id);
  return alike.length > 1 && n >= 0 ? `${purpose} ${n + 1}` : purpose;
}
