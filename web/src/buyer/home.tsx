import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { Link, Navigate } from "react-router";
import { api, must } from "@/api/client";
import { lastOf } from "@/api/lists";
import type { Claim, ListListedClaim, ListOrder, Order } from "@/api/schema";
import { whatNext } from "@/claim/next";
import { Trouble, Wait } from "@/claim/wait";
import { useMe } from "@/session/me";
import type { First } from "@/session/queries";
import { useFormat } from "@/ui/format";
import { Button } from "@/ui/kit";
import { Countdown } from "@/ui/now";
import { Empty, EndOfList, Loading, TroubleBox } from "@/ui/states";
import { OutcomeTag, StateTag } from "@/ui/tags";
import { kinds, reasons, useWord } from "@/words/domain";
import { useLanguage, useWords, type Words } from "@/words/language";
import { tookAll, urgentFirst } from "./mine";
import "./buyer.css";

const words: Words<{
  title: string;
  open: string;
  ended: string;
  noClaims: string;
  noClaimsAbout: string;
  orders: string;
  noOrders: string;
  noOrdersAbout: string;
  file: string;
  goOn: string;
  look: string;
  more: string;
  delivered: string;
  onWay: string;
  andMore: (n: number) => string;
}> = {
  zh: {
    title: "我的售后",
    open: "进行中",
    ended: "已结束",
    noClaims: "没有售后申请",
    noClaimsAbout: "收到的商品有问题，就在下面的订单里申请。",
    orders: "我的订单",
    noOrders: "没有订单",
    noOrdersAbout: "在商城下单后，订单会出现在这里。",
    file: "申请售后",
    goOn: "继续填写",
    look: "查看申请",
    more: "加载更多",
    delivered: "签收",
    onWay: "尚未签收",
    andMore: (n) => `等 ${n} 件`,
  },
  en: {
    title: "My claims",
    open: "Open",
    ended: "Ended",
    noClaims: "No claims",
    noClaimsAbout: "If something is wrong with what arrived, file a claim from the order below.",
    orders: "My orders",
    noOrders: "No orders",
    noOrdersAbout: "What you order at the shop shows up here.",
    file: "File a claim",
    goOn: "Go on with the draft",
    look: "Open the claim",
    more: "Load more",
    delivered: "Delivered",
    onWay: "Not delivered yet",
    andMore: (n) => `and ${n - 1} more`,
  },
};

const ordersQuery = infiniteQueryOptions({
  queryKey: ["orders", "mine"],
  initialPageParam: "",
  queryFn: ({ pageParam }) =>
    must<ListOrder>(api.GET("/v1/orders", { params: { query: { limit: 30, after: pageParam || undefined } } })),
  getNextPageParam: (last) => last.next || undefined,
});
const claimsQuery = infiniteQueryOptions({
  queryKey: ["claims", "mine"],
  initialPageParam: "",
  queryFn: ({ pageParam }) =>
    must<ListListedClaim>(api.GET("/v1/claims", { params: { query: { limit: 50, after: pageParam || undefined } } })),
  getNextPageParam: (last) => last.next || undefined,
});

/** first asks for what the page shows while the page itself is still being made. */
export const first: First = (queries) => {
  void queries.prefetchInfiniteQuery(ordersQuery);
  void queries.prefetchInfiniteQuery(claimsQuery);
};

/** MyPage is a buyer's own: claims and where each stands, then the orders to file from. */
export default function MyPage() {
  const w = useWords(words);
  const { me, isPending, error, refetch } = useMe();
  if (isPending) return <Wait />;
  if (error) return <Trouble error={error} retry={() => void refetch()} />;
  if (!me) return <Navigate to="/sign-in?to=/my" replace />;
  if (me.claim_id) return <Navigate to={`/claims/${me.claim_id}`} replace />;
  return (
    <main id="main" className="page narrow stack" style={{ gap: 28 }}>
      <h1>{w.title}</h1>
      <Lists />
    </main>
  );
}

function Lists() {
  const w = useWords(words);
  const orders = useInfiniteQuery(ordersQuery);
  const claims = useInfiniteQuery(claimsQuery);
  const error = claims.error ?? orders.error;
  if (error && !(claims.data && orders.data))
    return (
      <TroubleBox
        error={error}
        retry={() => {
          void claims.refetch();
          void orders.refetch();
        }}
      />
    );
  if (!claims.data || !orders.data) return <Loading lines={6} height={64} />;
  const all = claims.data.pages.flatMap((p) => p.items ?? []);
  const bought = orders.data.pages.flatMap((p) => p.items ?? []);
  const of = new Map(bought.map((o) => [o.id, o]));
  const open = urgentFirst(all.filter((c) => c.state !== "closed"));
  const ended = all.filter((c) => c.state === "closed");
  // Of several about one order, the one that waits for the buyer.
  const byOrder = new Map([...open].reverse().map((c) => [c.order_id, c]));
  return (
    <>
      <section className="section listed">
        <h2>{w.open}</h2>
        {open.length === 0 ? (
          <div className="card">
            <Empty title={w.noClaims}>{w.noClaimsAbout}</Empty>
          </div>
        ) : (
          <ul className="tiles">
            {open.map((c) => (
              <ClaimTile key={c.id} claim={c} order={of.get(c.order_id)} />
            ))}
          </ul>
        )}
      </section>
      <section className="section listed">
        <h2>{w.orders}</h2>
        {bought.length === 0 ? (
          <div className="card">
            <Empty title={w.noOrders}>{w.noOrdersAbout}</Empty>
          </div>
        ) : (
          <ul className="tiles">
            {bought.map((o) => (
              <OrderTile key={o.id} order={o} claim={byOrder.get(o.id) ?? tookAll(o, ended)} />
            ))}
          </ul>
        )}
        {orders.hasNextPage && (
          <Button busy={orders.isFetchingNextPage} onClick={() => void orders.fetchNextPage()}>
            {w.more}
          </Button>
        )}
      </section>
      {ended.length > 0 && (
        <section className="section listed">
          <h2>{w.ended}</h2>
          <ul className="tiles">
            {ended.map((c) => (
              <ClaimTile key={c.id} claim={c} order={of.get(c.order_id)} />
            ))}
          </ul>
          {claims.hasNextPage ? (
            <Button busy={claims.isFetchingNextPage} onClick={() => void claims.fetchNextPage()}>
              {w.more}
            </Button>
          ) : (
            <EndOfList />
          )}
        </section>
      )}
    </>
  );
}

/** titleOf names an order by its first article. */
function useTitle() {
  const w = useWords(words);
  return (order: Order | undefined, fallback: string) => {
    const n = order?.lines?.length ?? 0;
    const first = order?.lines?.[0]?.title ?? fallback;
    return n > 1 ? `${first} ${w.andMore(n)}` : first;
  };
}

function ClaimTile({ claim: c, order }: { claim: Claim; order?: Order }) {
  const word = useWord();
  const f = useFormat();
  const title = useTitle();
  const language = useLanguage();
  const next = whatNext(c, "buyer", language);
  // As at the head of the claim's own page: green is for what was granted.
  const ended = (c.state === "decided" || c.state === "closed") && c.closing !== "withdrawn";
  const outcome = ended ? lastOf(c.decisions)?.outcome : undefined;
  const to = c.state === "draft" ? `/my/file/${c.order_id}` : `/claims/${c.id}`;
  return (
    <li>
      <Link to={to} className={`tile ${next.mine ? "mine" : ""}`}>
        <span className="row between">
          <span className="tile-title">{title(order, word(reasons, c.reason))}</span>
          {outcome ? <OutcomeTag outcome={outcome} /> : <StateTag state={c.state} />}
        </span>
        <span>{next.title}</span>
        <span className="row faint">
          <span>{word(kinds, c.kind)}</span>
          <span className="num">{f.money(c.ask)}</span>
          <span>{f.moment(c.opened_at)}</span>
          {next.mine && next.due && <Countdown due={next.due} />}
        </span>
      </Link>
    </li>
  );
}

function OrderTile({ order: o, claim }: { order: Order; claim?: Claim }) {
  const w = useWords(words);
  const f = useFormat();
  const title = useTitle();
  const draft = claim?.state === "draft";
  const to = claim && !draft ? `/claims/${claim.id}` : `/my/file/${o.id}`;
  const label = !claim ? w.file : draft ? w.goOn : w.look;
  return (
    <li className="tile">
      <span className="row between">
        <span className="tile-title">{title(o, o.id)}</span>
        <span className="num">{f.money(o.total)}</span>
      </span>
      <span className="order-foot">
        <span className="faint">
          {o.delivered_at ? `${w.delivered} ${f.day(o.delivered_at)}` : w.onWay} ·{" "}
          <span className="mono nowrap">{o.id}</span>
        </span>
        <Link className="btn" to={to} aria-label={`${label}: ${title(o, o.id)} ${o.id}`}>
          {label}
        </Link>
      </span>
    </li>
  );
}
