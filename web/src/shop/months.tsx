import { BarChart } from "echarts/charts";
import * as echarts from "echarts/core";
import { useCallback } from "react";
import type { ShopMonth } from "@/api/schema";
import { axes, Chart, type Ink } from "@/ui/chart";
import { useLanguage, useWords } from "@/words/language";
import { figureWords } from "./figure-words";

echarts.use([BarChart]);

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
  const language = useLanguage();
  const options = useCallback(
    (ink: Ink) => ({
      color: ["good", "seal", "blue", "line-2"].map(ink.colour),
      aria: {
        enabled: true,
        label: { description: `${w.months}: ${language === "zh" ? "数据见下方表格" : "see the table below"}` },
        decal: { show: true, decals: patterns },
      },
      grid: { left: 8, right: 8, top: 44, bottom: 8, containLabel: true },
      ...axes(
        of.map((m) => m.month),
        ink,
      ),
      series: (["won", "lost", "settled", "open"] as const).map((key) => ({
        type: "bar" as const,
        name: w[key],
        stack: "all",
        barMaxWidth: 44,
        data: of.map((m) => m[key]),
      })),
    }),
    [of, language, w],
  );
  return <Chart className="chart" options={options} />;
}
