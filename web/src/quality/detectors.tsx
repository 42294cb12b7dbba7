import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, must } from "@/api/client";
import type { DetectorFigure, DetectorFigures } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Notice, Tag } from "@/ui/kit";
import { type Column, DataTable, OperatorPage, RangePicker, useRange } from "@/ui/staff/parts";
import { queryOf } from "@/ui/staff/range";
import { Empty, Loading, TroubleBox } from "@/ui/states";
import { FindingTag } from "@/ui/tags";
import { oneIn } from "@/words/bound";
import { findings, useWord } from "@/words/domain";
import { useLanguage, useWords, type Words } from "@/words/language";
import { Share } from "./share";
import { wilson, worrying } from "./wilson";
import "./quality.css";

const words: Words<{
  title: string;
  about: string;
  against: string;
  others: string;
  finding: string;
  findings: string;
  claims: string;
  upheld: string;
  overturned: string;
  undecided: string;
  open: string;
  share: string;
  bound: string;
  noBound: string;
  look: string;
  looks: (n: number) => string;
  none: string;
  noneAbout: string;
  noRuling: string;
  meaning: string[];
}> = {
  zh: {
    title: "误报监测",
    about: "机器的每一类发现，最终被人采信还是推翻。推翻得多，就该复查或停用这项检测。",
    against: "不利于买家的发现",
    others: "有利或中性的发现",
    finding: "发现",
    findings: "次数",
    claims: "申请",
    upheld: "采信",
    overturned: "推翻",
    undecided: "未涉及",
    open: "未定",
    share: "推翻占比（95% 置信区间）",
    bound: "声明的误报上限",
    noBound: "未声明",
    look: "需要复查",
    looks: (n) => `有 ${n} 类发现被人推翻的次数超出可接受的范围。请抽看相关申请，必要时在规则中停用。`,
    none: "这段时间没有发现",
    noneAbout: "换一个更长的时段看看。",
    noRuling: "尚无裁决",
    meaning: [
      "推翻：发现不利于买家，但人的最终裁决（含申诉）仍支持了买家。采信：裁决以这项发现为据驳回申请。未涉及：没有人裁决，或裁决与它无关。",
      "推翻占比 = 推翻 ÷（采信 + 推翻），区间用 Wilson 法计算；案件少时区间很宽，不宜下结论。它与声明的误报上限不是同一个量：上限针对每一次比对，而送到人面前的本就是可疑的。",
      "“确凿”级发现被推翻一次即提示复查；其他级别在整个区间高于 10% 时提示。",
    ],
  },
  en: {
    title: "False alarms",
    about:
      "What people in the end made of each kind of finding. A detector that is overturned often should be examined, or switched off.",
    against: "Findings against the buyer",
    others: "Findings for the buyer, or neither way",
    finding: "Finding",
    findings: "Found",
    claims: "Claims",
    upheld: "Upheld",
    overturned: "Overturned",
    undecided: "Not ruled on",
    open: "Open",
    share: "Overturned, with 95% interval",
    bound: "Stated bound",
    noBound: "None stated",
    look: "Look into it",
    looks: (n) =>
      `${n === 1 ? "One kind of finding was" : `${n} kinds of finding were`} overturned more often than is tolerable. Look at the claims, and switch it off in the rules if need be.`,
    none: "Nothing was found in this time",
    noneAbout: "Try a longer one.",
    noRuling: "No ruling yet",
    meaning: [
      "Overturned: a person's final ruling, after any appeal, went for the buyer although the finding stood. Upheld: the claim was refused resting on it. Not ruled on: nobody ruled, or not on this.",
      "The share is overturned of upheld and overturned; the interval is Wilson's. With few cases it is wide and says little. It is not the stated bound: that one is per comparison, while what reaches a person is suspect already.",
      "A conclusive finding asks to be looked into once it is overturned; the others when the whole interval lies above 10%.",
    ],
  },
};

/** DetectorsPage watches each detector's false alarms, as far as people found them. */
export default function DetectorsPage() {
  const w = useWords(words);
  const range = useRange();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["claims", "detectors", range],
    placeholderData: keepPreviousData,
    queryFn: () => must<DetectorFigures>(api.GET("/v1/figures/detectors", { params: { query: queryOf(range) } })),
  });
  const items = data?.items ?? [];
  const against = items.filter((d) => d.stance === "against");
  const others = items.filter((d) => d.stance !== "against");
  const look = items.filter(worrying).length;
  return (
    <OperatorPage title={w.title} about={w.about} actions={<RangePicker />}>
      {isPending ? (
        <Loading lines={8} height={48} />
      ) : error && !data ? (
        <TroubleBox error={error} retry={() => void refetch()} />
      ) : items.length === 0 ? (
        <div className="card">
          <Empty title={w.none}>{w.noneAbout}</Empty>
        </div>
      ) : (
        <>
          {look > 0 && <Notice tone="amber">{w.looks(look)}</Notice>}
          {against.length > 0 && <Detectors title={w.against} of={against} shares />}
          {others.length > 0 && <Detectors title={w.others} of={others} />}
          <div className="stack tight faint" style={{ maxWidth: "120ch" }}>
            {w.meaning.map((m) => (
              <p key={m}>{m}</p>
            ))}
          </div>
        </>
      )}
    </OperatorPage>
  );
}

function Detectors({ title, of, shares }: { title: string; of: DetectorFigure[]; shares?: boolean }) {
  const w = useWords(words);
  const word = useWord();
  const f = useFormat();
  const language = useLanguage();
  const n = (title: string, of: (d: DetectorFigure) => number): Column<DetectorFigure> => ({
    title,
    number: true,
    cell: (d) => f.count(of(d)),
  });
  const share: Column<DetectorFigure>[] = [
    { title: w.share, cell: (d) => <Overturned of={d} /> },
    { title: w.bound, cell: (d) => oneIn(d.bound, language) ?? <span className="faint">{w.noBound}</span> },
  ];
  const columns: Column<DetectorFigure>[] = [
    {
      title: w.finding,
      cell: (d) => (
        <span className="op-finding">
          {word(findings, d.code)}
          <FindingTag strength={d.strength} stance={d.stance} />
          {worrying(d) && <Tag tone="seal">! {w.look}</Tag>}
        </span>
      ),
    },
    n(w.findings, (d) => d.findings),
    n(w.claims, (d) => d.claims),
    n(w.upheld, (d) => d.upheld),
    n(w.overturned, (d) => d.overturned),
    ...(shares ? share : []),
    n(w.undecided, (d) => d.undecided),
    n(w.open, (d) => d.open),
  ];
  return (
    <section className="card">
      <div className="op-card-head">
        <h2>{title}</h2>
      </div>
      <DataTable label={title} columns={columns} rows={of} id={(d) => `${d.code}/${d.strength}/${d.stance}`} />
    </section>
  );
}

function Overturned({ of: d }: { of: DetectorFigure }) {
  const w = useWords(words);
  const judged = d.upheld + d.overturned;
  const interval = wilson(d.overturned, judged);
  if (!interval) return <span className="faint">{w.noRuling}</span>;
  return <Share share={d.overturned / judged} interval={interval} warn={worrying(d)} />;
}
