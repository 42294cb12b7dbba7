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
import { kinds, reasons, useWord } from "@/words/domain";
import { pick, useWords, type Words } from "@/words/language";
import { reasonsQuery } from "./data";
import { type Later, later } from "./later";

export const words: Words<{
  title: (n: number) => string;
  action: string;
  refuse: string;
  grant: string;
  ask: string;
  visit: string;
  confirm: string;
  reasonCodes: string;
  text: string;
  textHint: string;
  to: string;
  buyer: string;
  merchant: string;
  questionZh: string;
  questionEn: string;
  rehearse: string;
  rehearsed: (ok: number, all: number) => string;
  run: (n: number) => string;
  columns: { id: string; what: string; after: string };
  proposal: string;
  waiting: (n: number, s: number) => string;
  undo: string;
  undone: string;
  done: (ok: number, all: number) => string;
  cancel: string;
  nothingYet: string;
}> = {
  zh: {
    title: (n) => `批量处理 ${n} 件`,
    action: "要做什么",
    refuse: "驳回",
    grant: "支持",
    ask: "提问",
    visit: "安排上门",
    confirm: "确认裁决",
    reasonCodes: "理由",
    text: "写给双方的说明",
    textHint: "驳回必须写明；双方都会看到。",
    to: "问谁",
    buyer: "买家",
    merchant: "商家",
    questionZh: "问题（中文）",
    questionEn: "问题（英文，可选）",
    rehearse: "先试算",
    rehearsed: (ok, all) => `${all} 件中 ${ok} 件可以执行。此时尚未改动任何案件。`,
    run: (n) => `执行 ${n} 件`,
    columns: { id: "申请", what: "诉求与原因", after: "执行后" },
    proposal: "待第二人复核",
    waiting: (n, s) => `${s} 秒后对 ${n} 件执行`,
    undo: "撤销",
    undone: "已撤销，没有改动任何案件",
    done: (ok, all) => `已处理 ${ok} / ${all} 件`,
    cancel: "取消",
    nothingYet: "先试算一遍，看每一件会怎样，再决定是否执行。",
  },
  en: {
    title: (n) => `Act on ${n} ${n === 1 ? "case" : "cases"}`,
    action: "What to do",
    refuse: "Refuse",
    grant: "Grant",
    ask: "Ask",
    visit: "Send for a visit",
    confirm: "Confirm",
    reasonCodes: "Reasons",
    text: "Words for both sides",
    textHint: "A refusal needs them; both sides read them.",
    to: "Whom",
    buyer: "Buyer",
    merchant: "Merchant",
    questionZh: "Question in Chinese",
    questionEn: "Question in English (optional)",
    rehearse: "Try it first",
    rehearsed: (ok, all) => `${ok} of ${all} can be done. Nothing has been changed yet.`,
    run: (n) => `Do it for ${n}`,
    columns: { id: "Claim", what: "Asks for, because", after: "Afterwards" },
    proposal: "waits for a second person",
    waiting: (n, s) => `${n} ${n === 1 ? "case" : "cases"} in ${s} s`,
    undo: "Undo",
    undone: "Undone; nothing was changed",
    done: (ok, all) => `${ok} of ${all} done`,
    cancel: "Cancel",
    nothingYet: "Try it first: you see case by case what would happen, and decide then.",
  },
};

const grace = 8; // seconds in which it can be undone

type Action = "refuse" | "grant" | "ask" | "ask_visit" | "confirm";

/** bodyOf is what the API is asked for some cases; they may ask for different things, so a grant takes each as it was asked. */
function bodyOf(
  action: Action,
  ids: string[],
  codes: string[],
  text: string,
  to: "buyer" | "merchant",
  zh: string,
  en: string,
): BulkInputBody {
  switch (action) {
    case "refuse":
      return { claim_ids: ids, action: "decide", ruling: { outcome: "refused", reasons: codes, text } };
    case "grant":
      return {
        claim_ids: ids,
        action: "decide",
        ruling: { outcome: "granted", reasons: codes, text: text || undefined },
      };
    case "ask":
      return { claim_ids: ids, action: "ask", ask: { to, question: { zh, en: en || zh } } };
    default:
      return { claim_ids: ids, action };
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

/** Bulk acts on several cases: tried first, then after a time in which it can be undone. */
function Bulk({ items, onClose }: Props) {
  const w = useWords(words);
  const word = useWord();
  const trouble = useTroubleText();
  const f = useFormat();
  const queries = useQueryClient();
  const codes = useQuery(reasonsQuery);
  const [action, setAction] = useState<Action>("refuse");
  const [chosen, setChosen] = useState<string[]>([]);
  const [text, setText] = useState("");
  const [to, setTo] = useState<"buyer" | "merchant">("buyer");
  const [zh, setZh] = useState("");
  const [en, setEn] = useState("");
  const [pending, setPending] = useState<{ later: Later; left: number }>();
  const ids = items.map((i) => i.claim_id);
  const body = (of: string[]) => bodyOf(action, of, chosen, text.trim(), to, zh.trim(), en.trim());
  const rehearsal = useMutation({ mutationFn: () => send(items, body(ids), true) });
  const able = rehearsal.data?.filter((i) => i.ok).map((i) => i.claim_id) ?? [];
  const ready =
    action === "refuse"
      ? chosen.length > 0 && text.trim() !== ""
      : action === "grant"
        ? chosen.length > 0
        : action !== "ask" || zh.trim() !== "";

  const count = pending !== undefined;
  useEffect(() => {
    if (!count) return;
    const t = setInterval(() => setPending((p) => p && { ...p, left: p.left - 1 }), 1000);
    return () => clearInterval(t);
  }, [count]);

  const run = () => {
    const asked = body(able);
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
  };
  const undo = () => {
    if (pending?.later.undo()) toast(w.undone);
    setPending(undefined);
  };
  const close = () => {
    if (pending) undo();
    onClose(false);
  };
  const changed = (change: () => void) => {
    change();
    rehearsal.reset();
  };
  const outcome = action === "refuse" ? "refused" : "granted";
  return (
    <Modal
      open
      width={860}
      title={w.title(items.length)}
      onCancel={close}
      footer={
        pending ? (
          <div className="row between" role="status">
            <strong className="num">{w.waiting(able.length, pending.left)}</strong>
            <Button danger onClick={undo}>
              {w.undo}
            </Button>
          </div>
        ) : (
          <>
            <Button onClick={close}>{w.cancel}</Button>
            <Button
              type={rehearsal.data ? "default" : "primary"}
              disabled={!ready}
              loading={rehearsal.isPending}
              onClick={() => rehearsal.mutate()}
            >
              {w.rehearse}
            </Button>
            {rehearsal.data && (
              <Button type="primary" disabled={able.length === 0} onClick={run}>
                {w.run(able.length)}
              </Button>
            )}
          </>
        )
      }
    >
      <fieldset className="stack bare" disabled={!!pending}>
        <Radio.Group
          aria-label={w.action}
          value={action}
          optionType="button"
          onChange={(e) => changed(() => setAction(e.target.value))}
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
              value={chosen}
              onChange={(v) => changed(() => setChosen(v))}
              options={codes.data?.items
                ?.filter((c) => c.outcomes?.includes(outcome))
                .map((c) => ({ value: c.code, label: pick(c.text) }))}
            />
            <Input.TextArea
              aria-label={w.text}
              placeholder={`${w.text} · ${w.textHint}`}
              maxLength={4000}
              rows={2}
              value={text}
              onChange={(e) => changed(() => setText(e.target.value))}
            />
          </>
        )}
        {action === "ask" && (
          <>
            <Radio.Group
              aria-label={w.to}
              value={to}
              onChange={(e) => changed(() => setTo(e.target.value))}
              options={[
                { value: "buyer", label: w.buyer },
                { value: "merchant", label: w.merchant },
              ]}
            />
            <Input.TextArea
              aria-label={w.questionZh}
              placeholder={w.questionZh}
              maxLength={2000}
              value={zh}
              onChange={(e) => changed(() => setZh(e.target.value))}
            />
            <Input.TextArea
              aria-label={w.questionEn}
              placeholder={w.questionEn}
              maxLength={2000}
              value={en}
              onChange={(e) => changed(() => setEn(e.target.value))}
            />
          </>
        )}
        {rehearsal.error && <Alert type="error" title={trouble(rehearsal.error)} />}
        <Alert type="info" title={rehearsal.data ? w.rehearsed(able.length, items.length) : w.nothingYet} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and by the keyboard too */}
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
                    <Afterwards of={rehearsal.data?.find((d) => d.claim_id === i.claim_id)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </fieldset>
    </Modal>
  );
}

/** Afterwards is how a case would stand, or why it would stay as it is. */
function Afterwards({ of: r }: { of?: BulkItem }) {
  const w = useWords(words);
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
