import { outcomes, stances, states, strengths, useWord } from "@/words/domain";
import { Tag, type Tone } from "./kit";

const stateTone: Record<string, Tone> = {
  awaiting_merchant: "amber",
  awaiting_buyer: "amber",
  awaiting_reply: "amber",
  review: "accent",
  visit: "blue",
  screening: "blue",
  closed: "plain",
  decided: "good",
};

export function StateTag({ state }: { state: string }) {
  const word = useWord();
  return <Tag tone={stateTone[state] ?? "plain"}>{word(states, state)}</Tag>;
}

const outcomeTone: Record<string, Tone> = { granted: "good", partly: "blue", refused: "seal", settled: "good" };
const outcomeSign: Record<string, string> = { granted: "✓", partly: "◐", refused: "✕", settled: "＝", lapsed: "–" };

export function OutcomeTag({ outcome }: { outcome: string }) {
  const word = useWord();
  return (
    <Tag tone={outcomeTone[outcome] ?? "plain"}>
      <span aria-hidden="true">{outcomeSign[outcome]}</span>
      {word(outcomes, outcome)}
    </Tag>
  );
}

/** FindingTag says how strong a finding is and which way it speaks; the arrow says it without colour. */
export function FindingTag({ strength, stance }: { strength: string; stance: string }) {
  const word = useWord();
  const tone: Tone =
    stance === "for"
      ? "good"
      : stance === "neutral" || strength === "note"
        ? "plain"
        : strength === "weak"
          ? "amber"
          : "seal";
  const sign = stance === "for" ? "▲" : stance === "against" ? "▼" : "◆";
  return (
    <Tag tone={tone}>
      <span aria-hidden="true">{sign}</span>
      {word(strengths, strength)} · {word(stances, stance)}
    </Tag>
  );
}
