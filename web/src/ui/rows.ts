import { useWindowVirtualizer, windowScroll } from "@tanstack/react-virtual";

type Options = Parameters<typeof useWindowVirtualizer<HTMLElement>>[0];

/** useRows is a list of which only what one sees is drawn. It draws its first rows at once, not after having measured an empty page. */
export function useRows(options: Options) {
  return useWindowVirtualizer<HTMLElement>({
    initialRect: { width: innerWidth, height: innerHeight },
    // On its start it would scroll to where the page is already, for which the browser lays out the whole page.
    scrollToFn: (offset, how, instance) => {
      if (how.adjustments || offset !== instance.scrollOffset) windowScroll(offset, how, instance);
    },
    ...options,
  });
}
