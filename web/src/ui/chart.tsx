import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useTheme } from "@/words/language";

echarts.use([GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

/** Ink is what a chart is drawn with: the page's colours by their names, and its lettering. */
export interface Ink {
  colour: (name: string) => string;
  words: { color: string; fontFamily: string };
}

/** axes are those of a chart with names along the bottom and whole numbers up its side. */
export const axes = (names: string[], { colour, words }: Ink, hideOverlap = false) => ({
  xAxis: {
    type: "category",
    data: names,
    axisLabel: hideOverlap ? { ...words, hideOverlap } : words,
    axisLine: { lineStyle: { color: colour("line-2") } },
    axisTick: { show: false },
  },
  yAxis: { type: "value", minInterval: 1, axisLabel: words, splitLine: { lineStyle: { color: colour("line") } } },
});

/** Chart draws what options say with the page's ink, anew when the look changes, and fits it to its place. */
export function Chart({ className, options }: { className: string; options: (ink: Ink) => object }) {
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const css = getComputedStyle(document.documentElement);
    const colour = (name: string) => css.getPropertyValue(`--${name}`).trim();
    const words = { color: colour("ink-2"), fontFamily: css.getPropertyValue("--font") };
    const chart = echarts.init(element, theme === "dark" ? "dark" : undefined, { renderer: "svg" });
    chart.setOption({
      backgroundColor: "transparent",
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      legend: { top: 0, left: 0, textStyle: words, itemWidth: 20 },
      ...options({ colour, words }),
    });
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [options, theme]);
  return <div ref={box} className={className} />;
}
