import type { UseMutationResult } from "@tanstack/react-query";
import { type ReactNode, Suspense } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import type { Case, Review } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button, Tag } from "@/ui/kit";
import { Loading, useTroubleText } from "@/ui/states";
import { StateTag } from "@/ui/tags";
import type { Task } from "@/words/codes";
import { kinds, reasons, tasks, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { caseWords } from "./case-words";
import { reviewWords } from "./words";

interface HeadProps {
  k: Case;
  task?: Task;
  reviewer: boolean;
  onHelp: () => void;
  onNext: () => void;
}

/** CaseHead says which case this is and where it stands. */
export function CaseHead({ k, task, reviewer, onHelp, onNext }: HeadProps) {
  const w = useWords(caseWords);
  const queueWords = useWords(reviewWords);
  const word = useWord();
  const f = useFormat();
  const c = k.claim;
  return (
    <div className="page-head">
      <div>
        <h1>
          {word(kinds, c.kind)} · {word(reasons, c.reason)} <span className="num">{f.money(c.ask)}</span>
        </h1>
        <p className="row tight">
          {reviewer && <Link to="/review">{w.back}</Link>}
          <code>{c.id}</code>
          <StateTag state={c.state} />
          <Tag>{w.round(c.round)}</Tag>
          {task && task !== "decide" && <Tag tone="blue">{word(tasks, task)}</Tag>}
          {k.blind && <Tag tone="amber">{w.blind}</Tag>}
        </p>
      </div>
      <div className="row">
        <Button className="wide-screen" onClick={onHelp}>
          {queueWords.keys} <kbd>?</kbd>
        </Button>
        {reviewer && (
          <Button onClick={onNext}>
            {w.next} <kbd>N</kbd>
          </Button>
        )}
      </div>
    </div>
  );
}

interface CardProps {
  k: Case;
  task?: Task;
  hold: Pick<UseMutationResult<Review, unknown, Task>, "data" | "error" | "isError" | "isSuccess">;
  mine: boolean;
  onTake: () => void;
  onRelease: () => void;
  /** the panel in which one decides; nothing as long as it may wait */
  children: ReactNode;
}

/** DecisionCard takes a case, holds it, gives it back; the panel in it appears to who holds the case. */
export function DecisionCard({ k, task, hold, mine, onTake, onRelease, children }: CardProps) {
  const w = useWords(caseWords);
  const f = useFormat();
  const trouble = useTroubleText();
  const { id, round } = k.claim;
  const bones = <Loading lines={6} height={34} />;
  const giveBack = async () => {
    await api
      .POST("/v1/claims/{id}/release", { params: { path: { id } }, body: { round, task: task ?? "decide" } })
      .catch(() => undefined);
    onRelease();
  };
  return (
    <section className="card decision" aria-labelledby="decide">
      <h2 id="decide">{task === "reread" ? w.reread : w.decide}</h2>
      {!task && (
        <div className="stack tight">
          <p className="muted">{w.takeAbout}</p>
          <Button kind="primary" onClick={onTake}>
            {w.take}
          </Button>
        </div>
      )}
      {task && hold.isError && <p role="alert">{trouble(hold.error)}</p>}
      {task && hold.data && (
        <div className="row between" style={{ marginBottom: 12 }}>
          <span className="faint">{w.hold(f.moment(hold.data.lease_until))}</span>
          <Button small onClick={giveBack}>
            {w.release}
          </Button>
        </div>
      )}
      {task && (mine || (task === "reread" && hold.isSuccess && k.blind)) && (
        <Suspense fallback={bones}>{children || bones}</Suspense>
      )}
    </section>
  );
}
