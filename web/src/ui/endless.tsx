import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { lastOf } from "@/api/lists";
import { useRows } from "./rows";
import { EndOfList, Loading, TroubleBox } from "./states";

/** Paged is a list of the desk as it comes, a page after the other. */
export type Paged<T> = UseInfiniteQueryResult<InfiniteData<{ items?: T[] | null }>>;

interface Endless<T> {
  list: Paged<T>;
  /** id tells an item from all others. */
  id: (item: T) => string | number;
  label: string;
  className: string;
  /** height of a row, about, and of the grey lines that stand for one, in pixels. */
  height: number;
  lines: number;
  /** ordered lists are said as such. */
  ordered?: boolean;
  /** empty stands where there is nothing. */
  empty: ReactNode;
  children: (item: T) => ReactNode;
}

/** ahead is how many rows before the last loaded one the next page is asked for, and how many are drawn out of sight. */
const ahead = 12;

/** EndlessList draws a list of which only what one sees is on the page, and asks for more before its end is reached. */
export function EndlessList<T>(props: Endless<T>) {
  const { list, id, label, className, height, lines, ordered, empty, children } = props;
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = list;
  const box = useRef<HTMLElement>(null);
  const items = data?.pages.flatMap((p) => p.items ?? []) ?? [];
  const keyOf = (i: number) => {
    const item = items[i];
    return item === undefined ? i : id(item);
  };
  const rows = useRows({
    count: items.length,
    estimateSize: () => height,
    overscan: ahead,
    scrollMargin: box.current?.offsetTop ?? 0,
    getItemKey: keyOf,
  });
  const shown = rows.getVirtualItems();
  const end = (lastOf(shown)?.index ?? 0) >= items.length - ahead;
  useEffect(() => {
    if (end && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [end, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (isPending) return <Loading lines={8} height={lines} />;
  if (error && !data) return <TroubleBox error={error} retry={() => void refetch()} />;
  if (items.length === 0) return <div className="card">{empty}</div>;
  const style = { height: rows.getTotalSize() };
  const drawn = shown.map((v) => {
    const item = items[v.index];
    return (
      item && (
        <li
          key={v.key}
          ref={rows.measureElement}
          data-index={v.index}
          style={{ transform: `translateY(${v.start - rows.options.scrollMargin}px)` }}
        >
          {children(item)}
        </li>
      )
    );
  });
  return (
    <>
      {ordered ? (
        <ol ref={box as RefObject<HTMLOListElement>} className={className} style={style} aria-label={label}>
          {drawn}
        </ol>
      ) : (
        <ul ref={box as RefObject<HTMLUListElement>} className={className} style={style} aria-label={label}>
          {drawn}
        </ul>
      )}
      {isFetchingNextPage ? <Loading lines={2} height={lines} /> : !hasNextPage && <EndOfList />}
    </>
  );
}
