import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Navigate, useParams } from "react-router";
import { api, must } from "@/api/client";
import type { Case, Claim } from "@/api/schema";
import { useCase } from "@/claim/case";
import { Trouble, Wait } from "@/claim/wait";
import { has, useMe } from "@/session/me";
import { ordered } from "./filing";
import { Filing } from "./flow";
import { BuyerView } from "./view";
import "./buyer.css";

// The shop's page is loaded by a shop alone.
const ShopView = lazy(() => import("@/shop/view"));

/** ClaimPage is where links lead: the buyer's page of a claim, or the shop's answer to it. */
export default function ClaimPage() {
  const { id = "" } = useParams();
  const { me, isPending, error, refetch } = useMe();
  if (isPending) return <Wait />;
  if (error) return <Trouble error={error} retry={() => void refetch()} />;
  if (!me) return <Navigate to={`/sign-in?to=${encodeURIComponent(`/claims/${id}`)}`} replace />;
  // A link opens its own claim and no other.
  if (me.claim_id && me.claim_id !== id) return <Navigate to={`/claims/${me.claim_id}`} replace />;
  if (has(me, "buyer")) return <OfBuyer key={id} id={id} />;
  if (has(me, "merchant") && me.kind === "link")
    return (
      <Suspense fallback={<Wait />}>
        <ShopView key={id} id={id} />
      </Suspense>
    );
  if (has(me, "merchant")) return <Navigate to={`/shop/claims/${id}`} replace />;
  return <Navigate to={`/review/${id}`} replace />;
}

function OfBuyer({ id }: { id: string }) {
  const { data, error, refetch } = useCase(id);
  if (error && !data) return <Trouble error={error} retry={() => void refetch()} />;
  if (!data) return <Wait />;
  if (data.claim.state === "draft") return <Drafted of={data} />;
  return <BuyerView of={data} />;
}

/** Drafted takes a draft up; a link, which sees no other claim, is told by the desk what another one is about. */
function Drafted({ of }: { of: Case }) {
  const others = useQuery({
    queryKey: ["claims", "order", of.order.id],
    retry: false,
    queryFn: () =>
      must<{ items: Claim[] | null }>(api.GET("/v1/claims", { params: { query: { order: of.order.id, limit: 50 } } })),
  });
  if (others.isPending) return <Wait />;
  const open = (others.data?.items ?? []).filter((c) => c.state !== "closed" && c.id !== of.claim.id);
  return <Filing order={ordered(of.order, of.left, open)} draft={of} />;
}
