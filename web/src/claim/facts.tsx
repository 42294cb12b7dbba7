import { type ReactNode, useState } from "react";
import { at } from "@/api/client";
import { asProblem, ProblemError } from "@/api/problem";
import type { Case, Order } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button } from "@/ui/kit";
import { useTroubleText } from "@/ui/states";
import { toast } from "@/ui/toast";
import { useWords } from "@/words/language";
import { claimWords } from "./words";

interface GoodsProps {
  order: Order;
  lines?: string[] | null;
  /** units says how many of each line; of one that it does not name, all that were bought. */
  units?: Record<string, number>;
}

/** Goods names the goods of an order that a claim is about, and how many of them; no ids are all. */
export function Goods({ order, lines, units }: GoodsProps) {
  const w = useWords(claimWords);
  const f = useFormat();
  const shown = (order.lines ?? []).filter((l) => !lines?.length || lines.includes(l.id));
  return (
    <ul className="goods">
      {shown.map((l) => (
        <li key={l.id}>
          <span className="grow">
            {l.title}
            {l.quantity > 1 && units?.[l.id] !== undefined && (
              <span className="of-units">{w.ofUnits(units[l.id] ?? l.quantity, l.quantity)}</span>
            )}
          </span>
          <span className="num nowrap">
            {f.money(l.price)}
            {l.quantity > 1 && ` × ${l.quantity}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Facts lists names and values. */
export function Facts({ rows }: { rows: [name: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** OrderFacts shows what was bought and how it came. */
export function OrderFacts({ of }: { of: Case }) {
  const w = useWords(claimWords);
  const f = useFormat();
  const { order, claim } = of;
  return (
    <div className="stack" style={{ gap: 12 }}>
      <Goods order={order} lines={claim.line_ids} units={claim.units} />
      <Facts
        rows={[
          [
            w.orderNo,
            <span key="n" className="mono">
              {order.id}
            </span>,
          ],
          [w.placed, f.moment(order.placed_at)],
          [w.delivered, order.delivered_at ? f.moment(order.delivered_at) : w.notDelivered],
          [
            w.claimNo,
            <span key="c" className="mono">
              {claim.id}
            </span>,
          ],
        ]}
      />
    </div>
  );
}

/**
 * DossierButton saves the claim as one signed file. What the desk answers is
 * looked at first, so that a refusal is told here; then the browser fetches the
 * file itself, for films make it too large to hold.
 */
export function DossierButton({ id }: { id: string }) {
  const w = useWords(claimWords);
  const trouble = useTroubleText();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const address = at(`v1/claims/${id}/dossier`);
    const look = new AbortController();
    try {
      const answer = await fetch(address, { credentials: "same-origin", signal: look.signal });
      if (!answer.ok) throw new ProblemError(await asProblem(answer));
      look.abort();
      const link = document.createElement("a");
      link.href = address;
      link.download = `evenhand-${id}.zip`;
      link.click();
      toast(w.dossierDone);
    } catch (error) {
      toast(trouble(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack tight">
      <Button busy={busy} onClick={() => void save()}>
        {w.dossier}
      </Button>
      <span className="faint">{w.dossierAbout}</span>
    </div>
  );
}
