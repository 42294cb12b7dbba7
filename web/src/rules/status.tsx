import { Tag, type Tone } from "@/ui/kit";
import { useWord } from "@/words/domain";
import { statusWords } from "./words";

const tones: Record<string, Tone> = { active: "good", announced: "amber", shadow: "blue", draft: "accent" };

/** StatusTag says how far a version of the rules has come. */
export function StatusTag({ status }: { status: string }) {
  const word = useWord();
  return <Tag tone={tones[status] ?? "plain"}>{word(statusWords, status)}</Tag>;
}
