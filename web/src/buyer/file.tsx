import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "react-router";
import { api, must } from "@/api/client";
import type { Claim, Order, Remains } from "@/api/schema";
import { has, useMe } from "@/app/me";
import { ForbiddenPage } from "@/app/places";
import { useCase } from "@/claim/case";
import { Filing } from "./flow";
import { Trouble, Wait } from "./wait";
import "./buyer.css";

/** FilePage begins a claim about an order, or takes up the draft that there is. */
export default function FilePage() {
  const { orderId = "" } = useParams();
  const { me, isPending, error, refetch } = useMe();
  if (isPending) return <Wait />;
  if (error) return <Trouble error={error} retry={() => void refetch()} />;
  if (!me) return <Navigate to={`/sign-in?to=${encodeURIComponent(`/my/file/${orderId}`)}`} replace />;
  if (!has(me, "buyer")) return <ForbiddenPage />;
  return <OfOrder key={orderId} id={orderId} />;
}

function OfOrder({ id }: { id: string }) {
  const order = useQuery({
    queryKey: ["order", id],
    queryFn: () => must<Order>(api.GET("/v1/orders/{id}", { params: { path: { id } } })),
  });
  const left = useQuery({
    queryKey: ["order", id, "left"],
    queryFn: () => must<Remains>(api.GET("/v1/orders/{id}/left", { params: { path: { id } } })),
  });
  const claims = useQuery({
    queryKey: ["claims", "order", id],
    queryFn: () =>
      must<{ items: Claim[] | null }>(api.GET("/v1/claims", { params: { query: { order: id, limit: 50 } } })),
  });
  const open = (claims.data?.items ?? []).filter((c) => c.state !== "closed");
  const draft = open.find((c) => c.state === "draft");
  const kept = useCase(draft?.id ?? "");
  const failed = order.error ?? left.error ?? claims.error ?? kept.error;
  const missing = !order.data || !left.data || !claims.data || (draft && !kept.data);
  // What has been filled in stays, also where asking anew fails.
  if (failed && missing)
    return (
      <Trouble
        error={failed}
        retry={() => {
          void order.refetch();
          void left.refetch();
          void claims.refetch();
          if (draft) void kept.refetch();
        }}
      />
    );
  if (!order.data || !left.data || !claims.data || (draft && !kept.data)) return <Wait />;
  // What has been paid back, exchanged or repaired cannot be claimed again.
  const remaining = new Set((left.data.lines ?? []).filter((l) => l.units > 0).map((l) => l.line_id));
  const lines = (order.data.lines ?? []).filter((l) => remaining.has(l.id));
  const all = lines.map((l) => l.id);
  const last = claims.data.items?.[0];
  if (!draft && all.length === 0 && last) return <Navigate to={`/claims/${last.id}`} replace />;
  const claimed = new Set(open.flatMap((c) => (c.line_ids?.length ? c.line_ids : all)));
  // Every article of it has its claim already: that is what there is to see.
  if (!draft && open[0] && all.every((id) => claimed.has(id))) return <Navigate to={`/claims/${open[0].id}`} replace />;
  return <Filing order={{ ...order.data, lines, left: left.data }} draft={kept.data} />;
}
