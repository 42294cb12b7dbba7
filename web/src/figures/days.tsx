import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { DayFigure } from "@/api/schema";
import { useTheme, useWords } from "@/words/language";
import { figureWords } from "./words";

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

/** Days draws what was filed (bars) and closed (a line with marks) each day; the figures stand in a table below. */
export default function Days({ of }: { of: DayFigure[] }) {
  const w = useWords(figureWords);
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const css = getComputedStyle(document.documentElement);
    const colour = (name: string) => css.getPropertyValue(`--${name}`).trim();
    const chart = echarts.init(element, theme === "dark" ? "dark" : undefined, { renderer: "svg" });
    const words = { color: colour("ink-2"), fontFamily: css.getPropertyValue("--font") };
    chart.setOption({
      backgroundColor: "transparent",
      color: [colour("accent"), colour("amber")],
      aria: { enabled: true, label: { description: w.openedClosed } },
      grid: { left: 8, right: 12, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, textStyle: words, itemWidth: 20 },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      xAxis: {
        type: "category",
        data: of.map((d) => d.day.slice(5)),
        axisLabel: { ...words, hideOverlap: true },
        axisLine: { lineStyle: { color: colour("line-2") } },
        axisTick: { show: false },
      },
      yAxis: {
        type: "value",
        minInterval: 1,
        axisLabel: words,
        splitLine: { lineStyle: { color: colour("line") } },
      },
      series: [
        { type: "bar", name: w.opened, barMaxWidth: 26, data: of.map((d) => d.opened), itemStyle: { borderRadius: 2 } },
        {
          type: "line",
          name: w.closed,
          data: of.map((d) => d.closed),
          symbol: "diamond",
          symbolSize: 7,
          showAllSymbol: of.length <= 60,
          lineStyle: { type: "dashed", width: 2 },
        },
      ],
    });
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [of, theme, w]);
  return <div ref={box} className="op-chart" />;
}
