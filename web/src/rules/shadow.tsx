import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, must } from "@/api/client";
import type { ListShadowRouting, ShadowRouting } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button } from "@/ui/kit";
import { type Column, DataTable, partWords } from "@/ui/staff/parts";
import { Empty, EndOfList, Loading, TroubleBox } from "@/ui/states";
import { actions, useWord } from "@/words/domain";
import { useWords, type Words } from "@/words/language";
import { stageTerms } from "./vocabulary";

const words: Words<{
  title: string;
  about: string;
  claim: string;
  stage: string;
  way: string;
  rule: string;
  at: string;
  none: string;
  noneAbout: string;
}> = {
  zh: {
    title: "影子流转",
    about: "生效版本实际怎么走，这个版本会怎么走。不影响任何申请。",
    claim: "申请",
    stage: "阶段",
    way: "实际 → 影子",
    rule: "影子规则",
    at: "时间",
    none: "还没有影子记录",
    noneAbout: "把草稿设为影子运行后，新的申请会在这里留下对照。",
  },
  en: {
    title: "Shadow routings",
    about: "What the active version did, and what this one would have done. No claim is touched.",
    claim: "Claim",
    stage: "Stage",
    way: "Done → in shadow",
    rule: "Shadow's rule",
    at: "When",
    none: "Nothing from the shadow yet",
    noneAbout: "Once the draft runs in shadow, new claims leave their comparison here.",
  },
};

const stages = Object.fromEntries(stageTerms.map((t) => [t.name, t]));

/** Shadow lists what a version in shadow would have done beside the active one. */
export function Shadow({ id }: { id: string }) {
  const w = useWords(words);
  const parts = useWords(partWords);
  const word = useWord();
  const f = useFormat();
  const list = useInfiniteQuery({
    queryKey: ["policy", id, "shadow"],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      must<ListShadowRouting>(
        api.GET("/v1/policies/{id}/shadow", {
          params: { path: { id }, query: { limit: 100, after: pageParam || undefined } },
        }),
      ),
    getNextPageParam: (last) => last.next || undefined,
  });
  if (list.isPending) return <Loading lines={4} height={40} />;
  if (list.error && !list.data) return <TroubleBox error={list.error} retry={() => void list.refetch()} />;
  const items = list.data?.pages.flatMap((p) => p.items ?? []) ?? [];
  if (items.length === 0)
    return (
      <div className="card">
        <Empty title={w.none}>{w.noneAbout}</Empty>
      </div>
    );
  const columns: Column<ShadowRouting>[] = [
    {
      title: w.claim,
      cell: (s) => (
        <Link to={`/review/${s.claim_id}`}>
          <code>{s.claim_id}</code>
        </Link>
      ),
    },
    { title: w.stage, cell: (s) => word(stages, s.stage) },
    {
      title: w.way,
      cell: (s) => (
        <>
          {word(actions, s.active)} →{" "}
          {s.action === s.active ? word(actions, s.action) : <strong>{word(actions, s.action)}</strong>}
        </>
      ),
    },
    { title: w.rule, cell: (s) => <code>{s.rule || "–"}</code> },
    { title: w.at, cell: (s) => f.moment(s.at) },
  ];
  return (
    <section className="card">
      <h2>{w.title}</h2>
      <p className="muted">{w.about}</p>
      <DataTable label={w.title} columns={columns} rows={items} id={(s) => `${s.claim_id}/${s.at}/${s.stage}`} />
      {list.hasNextPage ? (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {parts.more}
        </Button>
      ) : (
        <EndOfList />
      )}
    </section>
  );
}
