import { useQuery } from "@tanstack/react-query";
import { type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { at } from "@/api/client";
import type { Alignment, Finding, Item } from "@/api/schema";
import { Loading } from "@/ui/states";
import { purposes, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { Film } from "./film";
import type { Box } from "./geometry";
import type { Mark, Mode, Near } from "./scene";
import { alignmentsQuery, pictureQuery, previewSide, Source } from "./source";
import { Stage, type StageHandle } from "./stage";
import { viewerWords } from "./words";
import "./viewer.css";

export interface ViewerHandle extends StageHandle {
  mode(m: Mode): void;
  item(n: number): void;
  reference(step: number): void;
  /** beside shows an item beside another picture: a reference, or another photo of the claim. */
  beside(item: string, reference: string): void;
  layers(): void;
  full(): void;
}

interface Props {
  handle?: Ref<ViewerHandle>;
  /** evidence of the claim, and the order's pictures it is compared with. */
  evidence: Item[];
  references: Item[];
  /** numbers gives each finding of an item its number in the list beside. */
  numberOf?: (item: Item, finding: number) => string;
  /** compare is false for whoever may not see alignments. */
  compare?: boolean;
  chosen: string | undefined;
  onChoose: (id: string) => void;
  onPainted?: () => void;
}

/** useSource opens a picture for the stage, and closes it when another takes its place. */
function useSource(id: string | undefined, previewed: number): { source?: Source; failed: boolean } {
  const info = useQuery({ ...pictureQuery(id ?? ""), enabled: !!id });
  const [state, setState] = useState<{ id?: string; source?: Source; failed: boolean }>({ failed: false });
  const data = info.data;
  useEffect(() => {
    if (data?.kind !== "image" || data.id !== id) return;
    let gone = false;
    let mine: Source | undefined;
    Source.open(data, previewed).then(
      (s) => {
        mine = s;
        if (gone) s.close();
        else setState({ id, source: s, failed: false });
      },
      () => !gone && setState({ id, failed: true }),
    );
    return () => {
      gone = true;
      mine?.close();
    };
  }, [data, id, previewed]);
  return state.id === id ? state : { failed: info.isError };
}

/** Viewer shows a claim's evidence, each photo over or beside the reference it is compared with. */
export function Viewer({ handle, evidence, references, numberOf, compare = true, chosen, onChoose, onPainted }: Props) {
  const w = useWords(viewerWords);
  const word = useWord();
  const stage = useRef<StageHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const items = useMemo(() => evidence.filter((e) => e.medium === "photo" || e.medium === "video"), [evidence]);
  const item = items.find((e) => e.id === chosen) ?? items[0];
  const info = useQuery({ ...pictureQuery(item?.id ?? ""), enabled: !!item });
  const still = info.data?.kind === "image";
  const alignments = useQuery({ ...alignmentsQuery(item?.id ?? ""), enabled: compare && still });
  const [picked, setPicked] = useState<Record<string, string>>({});
  const [mode, setMode] = useState<Mode>("slider");
  const [layers, setLayers] = useState({ altered: true, places: true });

  const choices = useMemo(
    () => [...choicesOf(alignments.data?.items ?? [], references), ...anglesOf(item, items)],
    [alignments.data, references, item, items],
  );
  const choice = choices.find((c) => c.reference === (item && picked[item.id])) ?? choices[0];
  const claim = useSource(still ? item?.id : undefined, previewSide);
  const reference = useSource(still && compare ? choice?.reference : undefined, previewSide);
  const marks = useMemo(() => marksOf(item, layers, numberOf), [item, layers, numberOf]);
  const carried = useMemo(() => joined(carriedTo(item, choice?.reference, numberOf)), [item, choice, numberOf]);
  const near = useMemo(
    () => (choice?.role === "angle" ? nearOf(item, choice.reference, carried) : undefined),
    [item, choice, carried],
  );
  const shown: Mode = !choice ? "single" : choice.matrix || mode === "single" ? mode : "side";

  useImperativeHandle(handle, () => ({
    fit: () => stage.current?.fit(),
    actual: () => stage.current?.actual(),
    zoom: (f) => stage.current?.zoom(f),
    pan: (x, y) => stage.current?.pan(x, y),
    split: (d) => stage.current?.split(d),
    blink: (on) => stage.current?.blink(on),
    mode: setMode,
    item: (n) => {
      const next = items[n];
      if (next) onChoose(next.id);
    },
    reference: (step) => {
      if (!item || choices.length === 0) return;
      const i = choices.findIndex((c) => c.reference === choice?.reference);
      const next = choices[(i + step + choices.length) % choices.length];
      if (next) setPicked({ ...picked, [item.id]: next.reference });
    },
    beside: (id, other) => {
      onChoose(id);
      setPicked((p) => ({ ...p, [id]: other }));
      setMode((m) => (m === "single" ? "side" : m));
    },
    layers: () => setLayers((l) => ({ altered: !l.altered, places: !l.altered })),
    full: () => {
      if (document.fullscreenElement) void document.exitFullscreen();
      else void frame.current?.requestFullscreen();
    },
  }));

  if (!item)
    return (
      <p className="viewer-none">
        {[...evidence, ...references].some((e) => e.medium === "statement") ? w.noneButWords : w.none}
      </p>
    );
  const role = (c: Choice) =>
    c.role === "listing" ? w.listing : c.role === "packing" ? w.packing : c.role === "angle" ? w.angle : w.other;
  return (
    <div className="viewer" ref={frame}>
      <div className="viewer-bar">
        <div className="segments" role="group" aria-label={w.stage}>
          {(["slider", "side", "blink", "difference", "single"] as const).map((m) => (
            <button
              key={m}
              type="button"
              aria-pressed={shown === m}
              disabled={!still || (m !== "single" && !choice) || (m !== "single" && m !== "side" && !choice?.matrix)}
              onClick={() => setMode(m)}
            >
              {w.modes[m]}
            </button>
          ))}
        </div>
        {shown === "blink" && (
          <button
            type="button"
            className="viewer-tool hold"
            onPointerDown={() => stage.current?.blink(true)}
            onPointerUp={() => stage.current?.blink(false)}
            onPointerLeave={() => stage.current?.blink(false)}
            onKeyDown={(e) => e.key === " " && stage.current?.blink(true)}
            onKeyUp={(e) => e.key === " " && stage.current?.blink(false)}
          >
            {w.blinkHint}
          </button>
        )}
        <span className="grow" />
        <button
          type="button"
          className="viewer-tool"
          aria-pressed={layers.altered}
          onClick={() => setLayers({ ...layers, altered: !layers.altered })}
        >
          <i className="swatch solid" aria-hidden="true" />
          {w.altered}
        </button>
        <button
          type="button"
          className="viewer-tool"
          aria-pressed={layers.places}
          onClick={() => setLayers({ ...layers, places: !layers.places })}
        >
          <i className="swatch dashed" aria-hidden="true" />
          {w.places}
        </button>
        <div className="viewer-zoom">
          <button
            type="button"
            className="viewer-tool"
            aria-label={w.smaller}
            title={w.smaller}
            onClick={() => stage.current?.zoom(1 / 1.4)}
          >
            −
          </button>
          <button
            type="button"
            className="viewer-tool"
            aria-label={w.bigger}
            title={w.bigger}
            onClick={() => stage.current?.zoom(1.4)}
          >
            ＋
          </button>
          <button type="button" className="viewer-tool" onClick={() => stage.current?.fit()}>
            {w.fit}
          </button>
          <button type="button" className="viewer-tool" onClick={() => stage.current?.actual()}>
            1:1
          </button>
        </div>
      </div>
      <div className="viewer-stage">
        {info.data?.kind === "video" ? (
          <Film key={item.id} info={info.data} />
        ) : claim.failed ? (
          <p className="viewer-none" role="alert">
            {w.failed}
          </p>
        ) : claim.source ? (
          <Stage
            handle={stage}
            claim={claim.source}
            reference={reference.source}
            matrix={choice?.matrix}
            mode={shown}
            marks={marks}
            carried={carried}
            near={near}
            label={w.stage}
            sliderLabel={w.split}
            onPainted={onPainted}
          />
        ) : (
          <Loading lines={1} height={320} />
        )}
        {still && choice && shown !== "single" && (
          <>
            <span className="corner left">
              {choice.role === "angle" ? role(choice) : `${w.reference} · ${role(choice)}`}
            </span>
            <span className="corner right">{w.claim}</span>
          </>
        )}
      </div>
      {still && compare && !alignments.isPending && !choice && <p className="viewer-note">{w.noReference}</p>}
      {still && choice && !choice.matrix && (
        <p className="viewer-note">
          {choice.role === "angle" ? (carried.length ? w.carried : w.uncarried) : w.noAlign}
        </p>
      )}
      <div className="viewer-thumbs">
        <Strip label={w.evidence}>
          {items.map((e, i) => (
            <Thumb
              key={e.id}
              item={e}
              on={e.id === item.id}
              title={`${i + 1} · ${word(purposes, e.purpose)}`}
              badge={worst(e)}
              onPick={() => onChoose(e.id)}
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
                onPick={() => setPicked({ ...picked, [item.id]: c.reference })}
              />
            ))}
          </Strip>
        )}
      </div>
    </div>
  );
}

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

export interface Choice {
  reference: string;
  role: string;
  /** number is of another photo of the claim: its place among the evidence. */
  number?: number;
  matrix?: readonly number[] | null;
}

/** choicesOf lists the references one may compare with: those found to align first, then the order's other pictures. */
export function choicesOf(alignments: Alignment[], references: Item[]): Choice[] {
  const sorted = [...alignments].sort(
    (a, b) => Number(b.best) - Number(a.best) || Number(!!b.matrix) - Number(!!a.matrix),
  );
  const out: Choice[] = sorted.map((a) => ({ reference: a.reference, role: a.role, matrix: a.matrix }));
  for (const r of references)
    if (r.medium === "photo" && !out.some((c) => c.reference === r.id))
      out.push({ reference: r.id, role: r.purpose === "packing" ? "packing" : "listing" });
  return out;
}

/** isAngle is whether a finding compares a photo with another view of the goods. */
const isAngle = (f: Finding) => f.code.startsWith("angle.") && !!f.reference;

/** anglesOf lists the claim's other photos that this one's places were looked for in. */
export function anglesOf(item: Item | undefined, items: Item[]): Choice[] {
  const named = new Set((item?.screening?.findings ?? []).filter(isAngle).map((f) => f.reference));
  return items.flatMap((e, i) =>
    named.has(e.id) && e.id !== item?.id ? [{ reference: e.id, role: "angle", number: i + 1 }] : [],
  );
}

/** carriedTo lists where an item's places lie in another view, as far as the instrument could tell. */
export function carriedTo(item: Item | undefined, other: string | undefined, numberOf?: Props["numberOf"]): Mark[] {
  return (item?.screening?.findings ?? []).flatMap((f, i) => {
    const m = f.measured ?? {};
    const { there_x: x, there_y: y, there_width: width, there_height: height } = m;
    if (!item || !isAngle(f) || f.reference !== other) return [];
    if (x === undefined || y === undefined || !width || !height) return [];
    return [{ x, y, width, height, altered: false, number: numberOf?.(item, i) ?? String(i + 1) }];
  });
}

/** nearOf is where to begin beside another view: at all the places that were carried over to it. */
export function nearOf(item: Item | undefined, other: string, carried: Mark[]): Near | undefined {
  const places = (item?.screening?.findings ?? [])
    .filter((f) => isAngle(f) && f.reference === other)
    .flatMap((f) => f.regions ?? []);
  const place = hull(places);
  return place && { place, there: hull(carried) };
}

function hull(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((b) => b.x + b.width)) - x,
    height: Math.max(...boxes.map((b) => b.y + b.height)) - y,
  };
}

/** joined draws a place once, however many findings are about it: its frame carries all their numbers. */
export function joined(marks: Mark[]): Mark[] {
  const out: Mark[] = [];
  const same = (a: number, b: number) => Math.abs(a - b) < 1e-4;
  for (const m of marks) {
    const at = out.findIndex(
      (o) => same(o.x, m.x) && same(o.y, m.y) && same(o.width, m.width) && same(o.height, m.height),
    );
    const old = out[at];
    if (!old) out.push(m);
    else if (!old.number.split("·").includes(m.number))
      out[at] = { ...old, altered: old.altered || m.altered, number: `${old.number}·${m.number}` };
  }
  return out;
}

/** worst is how an item looks at a glance: whether something strong speaks against it, or for it. */
export function worst(item: Item): "against" | "for" | undefined {
  const findings = item.screening?.findings ?? [];
  const strong = findings.filter((f) => f.strength === "conclusive" || f.strength === "strong");
  if (strong.some((f) => f.stance === "against")) return "against";
  if (strong.some((f) => f.stance === "for")) return "for";
  return undefined;
}

export function marksOf(
  item: Item | undefined,
  layers: { altered: boolean; places: boolean },
  numberOf?: Props["numberOf"],
): Mark[] {
  const out: Mark[] = [];
  item?.screening?.findings?.forEach((f, i) => {
    for (const r of f.regions ?? []) {
      const altered = r.kind === "altered";
      if (altered ? layers.altered : layers.places)
        out.push({
          x: r.x,
          y: r.y,
          width: r.width,
          height: r.height,
          altered,
          number: numberOf?.(item, i) ?? String(i + 1),
        });
    }
  });
  return joined(out);
}
