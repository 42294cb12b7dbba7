import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "react-router";
import { api, must } from "@/api/client";
import type { Claim, Order, Remains } from "@/api/schema";
import { useCase } from "@/claim/case";
import { Trouble, Wait } from "@/claim/wait";
import { useMe } from "@/session/me";
import { freeOf, ordered } from "./filing";
import { Filing } from "./flow";
import "./buyer.css";

/** FilePage begins a claim about an order, or takes up the draft that there is. */
export default function FilePage() {
  const { orderId = "" } = useParams();
  const { me, isPending, error, refetch } = useMe();
  if (isPending) return <Wait />;
  if (error) return <Trouble error={error} retry={() => void refetch()} />;
  if (!me) return <Navigate to={`/sign-in?to=${encodeURIComponent(`/my/file/${orderId}`)}`} replace />;
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
  // What has been paid back, exchanged or repaired cannot be claimed again, nor what another claim is about.
  const of = ordered(
    order.data,
    left.data,
    open.filter((c) => c.id !== draft?.id),
  );
  const free = (of.lines ?? []).some((l) => freeOf(of, l.id) > 0);
  const seen = open[0] ?? claims.data.items?.[0];
  if (!draft && !free && seen) return <Navigate to={`/claims/${seen.id}`} replace />;
  return <Filing order={of} draft={kept.data} />;
}
