import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { ShopMonth } from "@/api/schema";
import { useLanguage, useTheme, useWords } from "@/words/language";
import { figureWords } from "./figure-words";

echarts.use([BarChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

// Each series has a pattern besides its colour, so that it is told without one.
const patterns = [
  { symbol: "none" },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4 },
  {
    symbol: "circle",
    symbolSize: 0.6,
    dashArrayX: [
      [6, 6],
      [0, 6, 6, 0],
    ],
    dashArrayY: [5, 0],
  },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 5], rotation: 0 },
];

/** Months draws how the claims of each month ended; the same figures stand in a table below. */
export default function Months({ of }: { of: ShopMonth[] }) {
  const w = useWords(figureWords);
  const theme = useTheme();
  const language = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const css = getComputedStyle(document.documentElement);
    const colour = (name: string) => css.getPropertyValue(`--${name}`).trim();
    const chart = echarts.init(element, theme === "dark" ? "dark" : undefined, { renderer: "svg" });
    const series = (["won", "lost", "settled", "open"] as const).map((key) => ({
      type: "bar" as const,
      name: w[key],
      stack: "all",
      barMaxWidth: 44,
      data: of.map((m) => m[key]),
    }));
    const axis = { color: colour("ink-2"), fontFamily: css.getPropertyValue("--font") };
    chart.setOption({
      backgroundColor: "transparent",
      color: ["good", "seal", "blue", "line-2"].map(colour),
      aria: {
        enabled: true,
        label: { description: `${w.months}: ${language === "zh" ? "数据见下方表格" : "see the table below"}` },
        decal: { show: true, decals: patterns },
      },
      grid: { left: 8, right: 8, top: 44, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, textStyle: axis, itemWidth: 20 },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      xAxis: {
        type: "category",
        data: of.map((m) => m.month),
        axisLabel: axis,
        axisLine: { lineStyle: { color: colour("line-2") } },
        axisTick: { show: false },
      },
      yAxis: { type: "value", minInterval: 1, axisLabel: axis, splitLine: { lineStyle: { color: colour("line") } } },
      series,
    });
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [of, theme, language, w]);
  return <div ref={box} className="chart" />;
}
