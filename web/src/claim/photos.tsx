import { useCallback, useEffect, useRef, useState } from "react";
import { at } from "@/api/client";
import type { Item } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { parties, purposes, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { calledAmong } from "./called";
import { Missing } from "./missing";
import { isStatement, StatementText } from "./statement";
import { claimWords } from "./words";

const preview = (id: string, size: number) => at(`v1/evidence/${id}/preview?size=${size}`);
const content = (id: string) => at(`v1/evidence/${id}/content`);

interface PhotosProps {
  items: Item[];
  names?: boolean;
  /** remove takes one out again, where that is possible. */
  remove?: (it: Item) => void;
}

/** Photos shows pieces of evidence as thumbnails; each opens large, and the arrow keys go on from there. What was written stands below. */
export function Photos({ items, names = true, remove }: PhotosProps) {
  const w = useWords(claimWords);
  const word = useWord();
  const [open, setOpen] = useState<number>();
  const shown = items.filter((it) => !isStatement(it));
  const written = items.filter(isStatement);
  return (
    <>
      {shown.length === 0 ? (
        <p className="faint">{w.noPhotos}</p>
      ) : (
        <ul className="thumbs">
          {shown.map((it, i) => (
            <li key={it.id}>
              <button
                type="button"
                className="thumb"
                onClick={() => setOpen(i)}
                aria-label={`${w.open}: ${word(purposes, it.purpose)} ${i + 1}`}
              >
                <Thumb item={it} />
              </button>
              {names && <span className="thumb-name">{calledAmong(shown, it, word(purposes, it.purpose))}</span>}
              {remove && (
                <button
                  type="button"
                  className="textbtn"
                  aria-label={`${w.remove}: ${word(purposes, it.purpose)} ${i + 1}`}
                  onClick={() => remove(it)}
                >
                  {w.remove}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {written.map((it) => (
        <Written key={it.id} item={it} remove={remove} />
      ))}
      {open !== undefined && <Large items={shown} at={open} go={setOpen} />}
    </>
  );
}

/** Written is a statement with who made it and when. */
function Written({ item, remove }: { item: Item; remove?: (it: Item) => void }) {
  const w = useWords(claimWords);
  const word = useWord();
  const f = useFormat();
  return (
    <div className="written">
      <span className="faint">
        {word(parties, item.party)} · {w.statement} ·{" "}
        <time dateTime={item.received_at}>{f.moment(item.received_at)}</time>
      </span>
      <StatementText item={item} />
      {remove && (
        <button
          type="button"
          className="textbtn"
          aria-label={`${w.remove}: ${w.statement}`}
          onClick={() => remove(item)}
        >
          {w.remove}
        </button>
      )}
    </div>
  );
}

/** Thumb is one small picture: of the desk, or drawn where there can be none. */
export function Thumb({ item }: { item: Item }) {
  const [broken, setBroken] = useState(false);
  if (item.medium === "video") return <Drawn video />;
  if (broken) return <Drawn />;
  return <img src={preview(item.id, 320)} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />;
}

/** Drawn stands where a picture cannot be shown. */
export function Drawn({ video }: { video?: boolean }) {
  return (
    <svg className="drawn" viewBox="0 0 48 48" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2">
      {video ? (
        <>
          <rect x="8" y="13" width="23" height="22" rx="4" />
          <path d="m31 22 9-5v14l-9-5z" strokeLinejoin="round" />
        </>
      ) : (
        <>
          <rect x="8" y="10" width="32" height="28" rx="4" />
          <path d="m10 34 10-11 7 7 4-4 8 8" strokeLinejoin="round" />
          <circle cx="31" cy="18" r="2.5" />
        </>
      )}
    </svg>
  );
}

function Large({ items, at: i, go }: { items: Item[]; at: number; go: (i: number | undefined) => void }) {
  const w = useWords(claimWords);
  const word = useWord();
  const box = useRef<HTMLDialogElement>(null);
  const [broken, setBroken] = useState("");
  const again = useCallback(() => setBroken(""), []);
  useEffect(() => box.current?.showModal(), []);
  const it = items[i] ?? items[0];
  if (!it) return null;
  const step = (by: number) => go((i + by + items.length) % items.length);
  const name = word(purposes, it.purpose);
  return (
    <dialog
      ref={box}
      className="large"
      aria-label={name}
      onClose={() => go(undefined)}
      onKeyDown={(e) => {
        if (e.key === "ArrowLeft") step(-1);
        if (e.key === "ArrowRight") step(1);
      }}
    >
      <div className="large-bar">
        <span className="grow" aria-live="polite">
          {name}
          <span className="num">
            {" "}
            {i + 1}/{items.length}
          </span>
        </span>
        <a className="btn quiet" href={content(it.id)} target="_blank" rel="noreferrer">
          {w.original}
        </a>
        <button type="button" className="iconbtn" aria-label={w.close} onClick={() => box.current?.close()}>
          ✕
        </button>
      </div>
      <div className="large-what">
        {broken === it.id ? (
          <Missing key={it.id} address={it.medium === "video" ? content(it.id) : preview(it.id, 1920)} again={again} />
        ) : it.medium === "video" ? (
          // biome-ignore lint/a11y/useMediaCaption: what a party filmed has no captions
          <video
            key={it.id}
            src={content(it.id)}
            controls
            playsInline
            preload="metadata"
            onError={() => setBroken(it.id)}
          />
        ) : (
          <img key={it.id} src={preview(it.id, 1920)} alt={name} onError={() => setBroken(it.id)} />
        )}
      </div>
      {items.length > 1 && (
        <div className="large-bar">
          <button type="button" className="btn grow" onClick={() => step(-1)}>
            ← {w.previous}
          </button>
          <button type="button" className="btn grow" onClick={() => step(1)}>
            {w.next} →
          </button>
        </div>
      )}
    </dialog>
  );
}
