import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, must } from "@/api/client";
import type { ReviewerFigure, ReviewerFigures } from "@/api/schema";
import { has, useMe } from "@/session/me";
import { useFormat } from "@/ui/format";
import { type Column, DataTable, Figure, OperatorPage, RangePicker, useRange } from "@/ui/staff/parts";
import { queryOf } from "@/ui/staff/range";
import { Empty, Loading, TroubleBox } from "@/ui/states";
import { useWords, type Words } from "@/words/language";
import { Share } from "./share";
import { wilson } from "./wilson";
import "./quality.css";

const words: Words<{
  title: string;
  about: string;
  name: string;
  decided: string;
  confirmed: string;
  returned: string;
  rereads: string;
  agreement: string;
  overturned: string;
  median: string;
  holding: string;
  all: string;
  noneRead: string;
  noneDecided: string;
  of: (n: number, all: number) => string;
  none: string;
  noneAbout: string;
  meaning: string;
}> = {
  zh: {
    title: "审核员",
    about: "每个人的工作量，裁决经不经得起盲审和申诉。用来分配工作和培训，不用来排名。",
    name: "审核员",
    decided: "裁决",
    confirmed: "复核通过",
    returned: "复核退回",
    rereads: "盲审",
    agreement: "盲审一致（95% 区间）",
    overturned: "申诉改判",
    median: "用时中位数",
    holding: "手上",
    all: "合计裁决",
    noneRead: "未被抽中",
    noneDecided: "–",
    of: (n, all) => `${n} / ${all}`,
    none: "这段时间没有人裁决",
    noneAbout: "换一个更长的时段看看。",
    meaning:
      "盲审一致：本人的裁决被另一位审核员在不知结论的情况下重审，结论相同的占比。申诉改判：申诉后最终结果与本人裁决不同。用时：从领取到办结。",
  },
  en: {
    title: "Reviewers",
    about:
      "How much each person does, and how their rulings stand up to second readings and appeals. For sharing out work and for training, not for ranking.",
    name: "Reviewer",
    decided: "Decided",
    confirmed: "Confirmed",
    returned: "Sent back",
    rereads: "Second readings",
    agreement: "Agreement, 95% interval",
    overturned: "Overturned on appeal",
    median: "Median time",
    holding: "Holding",
    all: "Decided in all",
    noneRead: "None read again",
    noneDecided: "–",
    of: (n, all) => `${n} of ${all}`,
    none: "Nobody ruled in this time",
    noneAbout: "Try a longer one.",
    meaning:
      "Agreement: the share of their rulings that somebody else, not knowing the outcome, read again and decided alike. Overturned: after an appeal the outcome was another. Time: from taking a case to being done with it.",
  },
};

/** PeoplePage is each reviewer's work, and how it stood up. */
export default function PeoplePage() {
  const w = useWords(words);
  const f = useFormat();
  const range = useRange();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["claims", "reviewers", range],
    placeholderData: keepPreviousData,
    queryFn: () => must<ReviewerFigures>(api.GET("/v1/figures/reviewers", { params: { query: queryOf(range) } })),
  });
  const items = data?.items ?? [];
  const sum = (of: (r: ReviewerFigure) => number) => items.reduce((n, r) => n + of(r), 0);
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
          <div className="op-numbers">
            <Figure name={w.all} value={f.count(sum((r) => r.decided))} />
            <Figure
              name={w.overturned}
              value={f.count(sum((r) => r.overturned_on_appeal))}
              about={f.percent(
                sum((r) => r.overturned_on_appeal) /
                  Math.max(
                    1,
                    sum((r) => r.decided),
                  ),
              )}
            />
            <Figure name={w.rereads} value={f.count(sum((r) => r.rereads))} />
            <Figure name={w.holding} value={f.count(sum((r) => r.holding))} />
          </div>
          <section className="card">
            <Reviewers of={items} />
          </section>
          <p className="faint" style={{ maxWidth: "120ch" }}>
            {w.meaning}
          </p>
        </>
      )}
    </OperatorPage>
  );
}

function Reviewers({ of }: { of: ReviewerFigure[] }) {
  const w = useWords(words);
  const f = useFormat();
  const { me } = useMe();
  const linked = has(me, "operator", "auditor");
  const n = (title: string, of: (r: ReviewerFigure) => number): Column<ReviewerFigure> => ({
    title,
    number: true,
    cell: (r) => f.count(of(r)),
  });
  const columns: Column<ReviewerFigure>[] = [
    {
      title: w.name,
      cell: (r) =>
        linked ? (
          <Link to={`/operator/audit?by=${encodeURIComponent(r.user_id)}`}>{r.name || r.user_id}</Link>
        ) : (
          r.name || r.user_id
        ),
    },
    n(w.decided, (r) => r.decided),
    n(w.confirmed, (r) => r.confirmed),
    n(w.returned, (r) => r.returned),
    n(w.rereads, (r) => r.rereads),
    { title: w.agreement, cell: (r) => <Agreement of={r} /> },
    {
      title: w.overturned,
      number: true,
      cell: (r) => (r.decided > 0 ? w.of(r.overturned_on_appeal, r.decided) : w.noneDecided),
    },
    {
      title: w.median,
      number: true,
      cell: (r) => (r.median_minutes == null ? "–" : f.span(r.median_minutes * 60_000)),
    },
    n(w.holding, (r) => r.holding),
  ];
  return <DataTable label={w.title} columns={columns} rows={of} id={(r) => r.user_id} />;
}

function Agreement({ of: r }: { of: ReviewerFigure }) {
  const w = useWords(words);
  const interval = r.agreement == null ? undefined : wilson(Math.round(r.agreement * r.reread), r.reread);
  if (r.agreement == null || !interval) return <span className="faint">{w.noneRead}</span>;
  return <Share share={r.agreement} interval={interval} />;
}
