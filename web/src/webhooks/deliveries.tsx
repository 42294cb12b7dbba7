import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, must } from "@/api/client";
import type { Delivery, DeliveryTry, ListDelivery } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button, Tag, type Tone } from "@/ui/kit";
import { type Column, DataTable, partWords } from "@/ui/staff/parts";
import { Empty, EndOfList, Loading, TroubleBox, useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { deliveryStates, hookWords, tryErrors } from "./words";

const tones: Record<string, Tone> = { delivered: "good", failed: "seal", waiting: "amber" };

/** Deliveries is the log of what was sent to a webhook; while something waits it is loaded anew every five seconds. */
export function Deliveries({ hook }: { hook: string }) {
  const w = useWords(hookWords);
  const parts = useWords(partWords);
  const list = useInfiniteQuery({
    queryKey: ["deliveries", hook],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      must<ListDelivery>(
        api.GET("/v1/webhooks/{id}/deliveries", {
          params: { path: { id: hook }, query: { limit: 50, after: pageParam || undefined } },
        }),
      ),
    getNextPageParam: (last) => last.next || undefined,
    refetchInterval: (q) => (q.state.data?.pages[0]?.items?.some((d) => d.state === "waiting") ? 5000 : false),
  });
  const items = list.data?.pages.flatMap((p) => p.items ?? []) ?? [];
  return (
    <section className="card">
      <div className="op-card-head">
        <h2>{w.log}</h2>
        <span className="faint">{w.logAbout}</span>
      </div>
      {list.isPending ? (
        <Loading lines={4} height={40} />
      ) : list.error && !list.data ? (
        <TroubleBox error={list.error} retry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <Empty title={w.noLog}>{w.noLogAbout}</Empty>
      ) : (
        <>
          <Log items={items} hook={hook} />
          {list.hasNextPage ? (
            <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {parts.more}
            </Button>
          ) : (
            <EndOfList />
          )}
        </>
      )}
    </section>
  );
}

function Log({ items, hook }: { items: Delivery[]; hook: string }) {
  const w = useWords(hookWords);
  const word = useWord();
  const f = useFormat();
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const replay = useMutation({
    mutationFn: (delivery: string) =>
      api.POST("/v1/webhooks/deliveries/{delivery}/replay", { params: { path: { delivery } } }),
    onSuccess: () => {
      toast(w.replayed);
      void queries.invalidateQueries({ queryKey: ["deliveries", hook] });
    },
    onError: (error) => toast(trouble(error)),
  });
  const tried = (t: DeliveryTry | undefined) =>
    t && (
      <span className="op-two">
        <span>{[t.status || "", word(tryErrors, t.error)].filter(Boolean).join(" · ")}</span>
        <span className="faint">
          {f.moment(t.at)} · {w.took(t.took_ms)}
        </span>
      </span>
    );
  const columns: Column<Delivery>[] = [
    {
      title: w.message,
      cell: (d) => (
        <span className="op-two">
          <span>{d.topic}</span>
          <code className="faint">{d.message_id}</code>
        </span>
      ),
    },
    { title: w.state, cell: (d) => <Tag tone={tones[d.state]}>{word(deliveryStates, d.state)}</Tag> },
    { title: w.tries, number: true, cell: (d) => d.attempts?.length ?? 0 },
    { title: w.lastTry, cell: (d) => tried(d.attempts?.[d.attempts.length - 1]) },
    { title: w.next, cell: (d) => (d.state === "waiting" ? f.moment(d.next_at) : "–") },
    {
      title: w.replay,
      acts: true,
      cell: (d) =>
        d.state !== "waiting" && (
          <Button
            className="op-small"
            busy={replay.isPending && replay.variables === d.id}
            onClick={() => replay.mutate(d.id)}
          >
            {w.replay}
          </Button>
        ),
    },
  ];
  return <DataTable label={w.log} columns={columns} rows={items} id={(d) => d.id} />;
}
