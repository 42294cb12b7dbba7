import { BarChart, LineChart } from "echarts/charts";
import * as echarts from "echarts/core";
import { useCallback } from "react";
import type { DayFigure } from "@/api/schema";
import { axes, Chart, type Ink } from "@/ui/chart";
import { useWords } from "@/words/language";
import { figureWords } from "./words";

echarts.use([BarChart, LineChart]);

/** Days draws what was filed (bars) and closed (a line with marks) each day; the figures stand in a table below. */
export default function Days({ of }: { of: DayFigure[] }) {
  const w = useWords(figureWords);
  const options = useCallback(
    (ink: Ink) => ({
      color: [ink.colour("accent"), ink.colour("amber")],
      aria: { enabled: true, label: { description: w.openedClosed } },
      grid: { left: 8, right: 12, top: 40, bottom: 8, containLabel: true },
      ...axes(
        of.map((d) => d.day.slice(5)),
        ink,
        true,
      ),
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
    }),
    [of, w],
  );
  return <Chart className="op-chart" options={options} />;
}
