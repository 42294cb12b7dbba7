import { Library } from "@/ui/library";
import type { Task } from "@/words/codes";
import { Ruling, type RulingProps } from "./decision";
import { Ask, Proposal, Reread } from "./moves";

/** Panel is where a reviewer does what a case was taken for: decide it, confirm another's decision, read it a second time. */
export default function Panel({ task, ...ruling }: RulingProps & { task: Task }) {
  const { k, onDone } = ruling;
  return (
    <Library>
      {task === "decide" && (
        <>
          <Ruling {...ruling} />
          <Ask k={k} onDone={onDone} />
        </>
      )}
      {task === "confirm" && <Proposal k={k} onDone={onDone} />}
      {task === "reread" && <Reread k={k} onDone={onDone} />}
    </Library>
  );
}
