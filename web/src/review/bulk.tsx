import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input, Modal, Radio, Select } from "antd";
import { useEffect, useState } from "react";
import { api, must } from "@/api/client";
import { ProblemError } from "@/api/problem";
import type { BulkInputBody, BulkItem, Queued } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Library } from "@/ui/library";
import { useTroubleText } from "@/ui/states";
import { OutcomeTag, StateTag } from "@/ui/tags";
import { toast } from "@/ui/toast";
import type { Side } from "@/words/codes";
import { kinds, reasons, useWord } from "@/words/domain";
import { pick, useWords } from "@/words/language";
import { bulkWords } from "./bulk-words";
import { reasonsQuery } from "./data";
import { type Later, later } from "./later";

const grace = 8; // seconds in which it can be undone

type Action = "refuse" | "grant" | "ask" | "ask_visit" | "confirm";

/** Wanted is what is to be done to all the cases, as it is being put together. */
interface Wanted {
  action: Action;
  codes: string[];
  text: string;
  to: Side;
  zh: string;
  en: string;
}

/** complete is whether it can be tried: a refusal needs reasons and words, a grant reasons, a question its words. */
function complete(w: Wanted): boolean {
  if (w.action === "refuse") return w.codes.length > 0 && w.text.trim() !== "";
  if (w.action === "grant") return w.codes.length > 0;
  return w.action !== "ask" || w.zh.trim() !== "";
}

/** bodyOf is what the API is asked for some cases; they may ask for different things, so a grant takes each as it was asked. */
function bodyOf({ action, codes: reasons, to, ...typed }: Wanted, claim_ids: string[]): BulkInputBody {
  const [text, zh, en] = [typed.text.trim(), typed.zh.trim(), typed.en.trim()];
  switch (action) {
    case "refuse":
      return { claim_ids, action: "decide", ruling: { outcome: "refused", reasons, text } };
    case "grant":
      return { claim_ids, action: "decide", ruling: { outcome: "granted", reasons, text: text || undefined } };
    case "ask":
      return { claim_ids, action: "ask", ask: { to, question: { zh, en: en || zh } } };
    default:
      return { claim_ids, action };
  }
}

/** send asks the desk; a grant goes case by case with the remedy that was asked for. */
async function send(items: Queued[], body: BulkInputBody, dry_run: boolean): Promise<BulkItem[]> {
  const ask = async (b: BulkInputBody) =>
    (
      await must<{ items: BulkItem[] | null }>(
        api.POST("/v1/reviews/bulk", { body: { ...b, dry_run } }) as Promise<{ data?: { items: BulkItem[] | null } }>,
      )
    ).items ?? [];
  if (body.ruling?.outcome !== "granted") return ask(body);
  const out: BulkItem[] = [];
  for (const item of items) {
    if (!body.claim_ids?.includes(item.claim_id)) continue;
    const remedy = { kind: item.kind as "refund_only", amount: item.claim_amount };
    out.push(...(await ask({ ...body, claim_ids: [item.claim_id], ruling: { ...body.ruling, remedy } as never })));
  }
  return out;
}

interface Props {
  items: Queued[];
  onClose: (done: boolean) => void;
}

export default function BulkDialog(props: Props) {
  return (
    <Library>
      <Bulk {...props} />
    </Library>
  );
}

/** useLater does it for some cases after a time in which it can be undone, and counts that time down. */
function useLater(items: Queued[], onClose: (done: boolean) => void) {
  const w = useWords(bulkWords);
  const trouble = useTroubleText();
  const queries = useQueryClient();
  const [pending, setPending] = useState<{ later: Later; left: number }>();
  const count = pending !== undefined;
  useEffect(() => {
    if (!count) return;
    const t = setInterval(() => setPending((p) => p && { ...p, left: p.left - 1 }), 1000);
    return () => clearInterval(t);
  }, [count]);
  const run = (asked: BulkInputBody) =>
    setPending({
      left: grace,
      later: later(grace * 1000, () => {
        setPending(undefined);
        send(items, asked, false).then(
          (done) => {
            toast(w.done(done.filter((d) => d.ok).length, done.length));
            for (const key of ["queue", "queue-summary", "claim"]) void queries.invalidateQueries({ queryKey: [key] });
            onClose(true);
          },
          (e) => toast(trouble(e)),
        );
      }),
    });
  const undo = () => {
    if (pending?.later.undo()) toast(w.undone);
    setPending(undefined);
  };
  return { left: pending?.left, run, undo };
}

/** Bulk acts on several cases: tried first, then after a time in which it can be undone. */
function Bulk({ items, onClose }: Props) {
  const w = useWords(bulkWords);
  const trouble = useTroubleText();
  const [wanted, setWanted] = useState<Wanted>({ action: "refuse", codes: [], text: "", to: "buyer", zh: "", en: "" });
  const { left, run, undo } = useLater(items, onClose);
  const waits = left !== undefined;
  const body = (of: string[]) => bodyOf(wanted, of);
  const rehearsal = useMutation({
    mutationFn: () => send(items, body(items.map((i) => i.claim_id)), true),
  });
  const able = rehearsal.data?.filter((i) => i.ok).map((i) => i.claim_id) ?? [];
  const close = () => {
    if (waits) undo();
    onClose(false);
  };
  return (
    <Modal
      open
      width={860}
      title={w.title(items.length)}
      onCancel={close}
      footer={
        waits ? (
          <div className="row between" role="status">
            <strong className="num">{w.waiting(able.length, left)}</strong>
            <Button danger onClick={undo}>
              {w.undo}
            </Button>
          </div>
        ) : (
          <>
            <Button onClick={close}>{w.cancel}</Button>
            <Button
              type={rehearsal.data ? "default" : "primary"}
              disabled={!complete(wanted)}
              loading={rehearsal.isPending}
              onClick={() => rehearsal.mutate()}
            >
              {w.rehearse}
            </Button>
            {rehearsal.data && (
              <Button type="primary" disabled={able.length === 0} onClick={() => run(body(able))}>
                {w.run(able.length)}
              </Button>
            )}
          </>
        )
      }
    >
      <fieldset className="stack bare" disabled={waits}>
        <Means
          of={wanted}
          change={(c) => {
            setWanted((before) => ({ ...before, ...c }));
            rehearsal.reset();
          }}
        />
        {rehearsal.error && <Alert type="error" title={trouble(rehearsal.error)} />}
        <Alert type="info" title={rehearsal.data ? w.rehearsed(able.length, items.length) : w.nothingYet} />
        <Table items={items} of={rehearsal.data} />
      </fieldset>
    </Modal>
  );
}

/** Means asks what is to be done, and with which words. */
function Means({ of, change }: { of: Wanted; change: (c: Partial<Wanted>) => void }) {
  const w = useWords(bulkWords);
  const codes = useQuery(reasonsQuery);
  const { action } = of;
  const outcome = action === "refuse" ? "refused" : "granted";
  return (
    <>
      <Radio.Group
        aria-label={w.action}
        value={action}
        optionType="button"
        onChange={(e) => change({ action: e.target.value })}
        options={[
          { value: "refuse", label: w.refuse },
          { value: "grant", label: w.grant },
          { value: "ask", label: w.ask },
          { value: "ask_visit", label: w.visit },
          { value: "confirm", label: w.confirm },
        ]}
      />
      {(action === "refuse" || action === "grant") && (
        <>
          <Select
            mode="multiple"
            aria-label={w.reasonCodes}
            placeholder={w.reasonCodes}
            value={of.codes}
            onChange={(v) => change({ codes: v })}
            options={codes.data?.items
              ?.filter((c) => c.outcomes?.includes(outcome))
              .map((c) => ({ value: c.code, label: pick(c.text) }))}
          />
          <Input.TextArea
            aria-label={w.text}
            placeholder={`${w.text} · ${w.textHint}`}
            maxLength={4000}
            rows={2}
            value={of.text}
            onChange={(e) => change({ text: e.target.value })}
          />
        </>
      )}
      {action === "ask" && (
        <>
          <Radio.Group
            aria-label={w.to}
            value={of.to}
            onChange={(e) => change({ to: e.target.value })}
            options={[
              { value: "buyer", label: w.buyer },
              { value: "merchant", label: w.merchant },
            ]}
          />
          <Input.TextArea
            aria-label={w.questionZh}
            placeholder={w.questionZh}
            maxLength={2000}
            value={of.zh}
            onChange={(e) => change({ zh: e.target.value })}
          />
          <Input.TextArea
            aria-label={w.questionEn}
            placeholder={w.questionEn}
            maxLength={2000}
            value={of.en}
            onChange={(e) => change({ en: e.target.value })}
          />
        </>
      )}
    </>
  );
}

/** Table says case by case what would happen. */
function Table({ items, of }: { items: Queued[]; of?: BulkItem[] }) {
  const w = useWords(bulkWords);
  const word = useWord();
  const f = useFormat();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and by the keyboard too
    <section className="bulk-box" aria-label={w.title(items.length)} tabIndex={0}>
      <table className="bulk-table">
        <thead>
          <tr>
            <th scope="col">{w.columns.id}</th>
            <th scope="col">{w.columns.what}</th>
            <th scope="col">{w.columns.after}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((i) => (
            <tr key={`${i.claim_id}-${i.task}`}>
              <td>
                <code>{i.claim_id.slice(0, 14)}…</code>
              </td>
              <td>
                {word(kinds, i.kind)} · {word(reasons, i.reason)} · {f.money(i.claim_amount)}
              </td>
              <td>
                <Afterwards of={of?.find((d) => d.claim_id === i.claim_id)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Afterwards is how a case would stand, or why it would stay as it is. */
function Afterwards({ of: r }: { of?: BulkItem }) {
  const w = useWords(bulkWords);
  const trouble = useTroubleText();
  if (!r) return "—";
  if (!r.ok) {
    const { title = "", detail = "" } = r.problem ?? {};
    return <span className="q-bad">✕ {trouble(new ProblemError({ code: "", status: 0, title, detail }))}</span>;
  }
  return (
    <span className="row tight">
      {r.would?.outcome ? <OutcomeTag outcome={r.would.outcome} /> : <StateTag state={r.would?.state ?? ""} />}
      {r.would?.proposal && <span className="faint">{w.proposal}</span>}
    </span>
  );
}
