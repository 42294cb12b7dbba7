import { at } from "@/api/client";
import type { Item } from "@/api/schema";
import { purposes, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { type Choice, worst } from "./choices";
import { viewerWords } from "./words";

/** useRole says what a picture is that one compares with. */
export function useRole() {
  const w = useWords(viewerWords);
  return (c: Choice) =>
    c.role === "listing" ? w.listing : c.role === "packing" ? w.packing : c.role === "angle" ? w.angle : w.other;
}

interface Props {
  items: Item[];
  item: Item;
  onItem: (id: string) => void;
  choices: Choice[];
  choice?: Choice;
  onChoice: (reference: string) => void;
}

/** Thumbs are the claim's evidence, and what the chosen piece can be compared with. */
export function Thumbs({ items, item, onItem, choices, choice, onChoice }: Props) {
  const w = useWords(viewerWords);
  const word = useWord();
  const role = useRole();
  return (
    <div className="viewer-thumbs">
      <Strip label={w.evidence}>
        {items.map((e, i) => (
          <Thumb
            key={e.id}
            item={e}
            on={e.id === item.id}
            title={`${i + 1} · ${word(purposes, e.purpose)}`}
            badge={worst(e)}
            onPick={() => onItem(e.id)}
          />
        ))}
      </Strip>
      {choices.length > 0 && (
        <Strip label={choices.some((c) => c.role === "angle") ? w.referencesAndAngles : w.references}>
          {choices.map((c) => (
            <Thumb
              key={c.reference}
              item={{ id: c.reference, medium: "photo" }}
              on={c.reference === choice?.reference}
              title={c.role === "angle" ? `${role(c)} · ${c.number}` : role(c)}
              badge={c.matrix ? "against" : undefined}
              onPick={() => onChoice(c.reference)}
            />
          ))}
        </Strip>
      )}
    </div>
  );
}

/** Strip is a row of small pictures under a name. */
function Strip({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="thumb-group" role="group" aria-label={label}>
      <span className="faint">{label}</span>
      <div className="strip">{children}</div>
    </div>
  );
}

interface ThumbProps {
  item: { id: string; medium?: string };
  on: boolean;
  title: string;
  badge?: string;
  onPick: () => void;
}

/** Thumb is one small picture to choose. */
function Thumb({ item, on, title, badge, onPick }: ThumbProps) {
  return (
    <button type="button" className="look-thumb" aria-pressed={on} aria-label={title} onClick={onPick}>
      {item.medium === "video" ? (
        <span className="thumb-film" aria-hidden="true">
          ▶
        </span>
      ) : (
        <img src={at(`v1/evidence/${item.id}/preview?size=320`)} alt="" loading="lazy" decoding="async" />
      )}
      {badge && <i className={`badge ${badge}`} aria-hidden="true" />}
      <span>{title}</span>
    </button>
  );
}
