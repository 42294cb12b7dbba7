import { useQuery } from "@tanstack/react-query";
import { at } from "@/api/client";
import { asProblem, ProblemError } from "@/api/problem";
import type { Item } from "@/api/schema";
import { Button } from "@/ui/kit";
import { useWords } from "@/words/language";
import { claimWords } from "./words";

/** isStatement is whether a piece of evidence is words, kept as a text file. */
export const isStatement = (it: Item) => it.medium === "statement";

/** StatementText is what a written statement says, fetched once: its words never change. */
export function StatementText({ item }: { item: Item }) {
  const w = useWords(claimWords);
  const { data, error, refetch } = useQuery({
    queryKey: ["statement", item.id],
    queryFn: async () => {
      const answer = await fetch(at(`v1/evidence/${item.id}/content`), { credentials: "same-origin" });
      if (!answer.ok) throw new ProblemError(await asProblem(answer));
      return answer.text();
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data !== undefined)
    return <p style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", margin: 0 }}>{data.trim()}</p>;
  if (!error) return <p className="faint">{w.wordsComing}</p>;
  return (
    <p className="faint" role="alert">
      {w.wordsAway}{" "}
      <Button small onClick={() => void refetch()}>
        {w.retry}
      </Button>
    </p>
  );
}
