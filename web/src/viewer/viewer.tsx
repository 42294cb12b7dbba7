import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import type { Item } from "@/api/schema";
import { Loading } from "@/ui/states";
import { useWords } from "@/words/language";
import { Bar, type Layers } from "./bar";
import {
  anglesOf,
  type Choice,
  carriedTo,
  choicesOf,
  joined,
  marksOf,
  type NumberOf,
  nearOf,
  sightedOf,
} from "./choices";
import { Film } from "./film";
import { MarkTool } from "./mark-tool";
import { type Marking, seenIn, useMarking } from "./marking";
import { drawn } from "./place";
import type { Mode } from "./scene";
import { Sightings } from "./sightings";
import { alignmentsQuery, pictureQuery, previewSide, Source } from "./source";
import { Stage, type StageHandle } from "./stage";
import { Thumbs, useRole } from "./thumbs";
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
  /** mark begins to mark a place, or ends it. */
  mark(): void;
}

interface Props {
  handle?: Ref<ViewerHandle>;
  /** evidence of the claim, and the order's pictures it is compared with. */
  evidence: Item[];
  references: Item[];
  /** numbers gives each finding of an item its number in the list beside. */
  numberOf?: NumberOf;
  /** compare is false for whoever may not see alignments, nor ask the claim's photos about each other. */
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

/** usePlaces are the frames on the claim picture and on another view, and where to begin beside that. */
function usePlaces(
  item: Item | undefined,
  choice: Choice | undefined,
  marking: Marking,
  layers: Layers,
  of?: NumberOf,
) {
  const { place, answers } = marking;
  const marks = useMemo(
    () => [...marksOf(item, layers, of), ...(place && !marking.on ? [drawn(place)] : [])],
    [item, layers, of, place, marking.on],
  );
  const carried = useMemo(
    () => joined([...carriedTo(item, choice?.reference, of), ...seenIn(answers, choice?.reference)]),
    [item, choice, of, answers],
  );
  const asked = place && answers.some((s) => s.photo === choice?.reference) ? place : undefined;
  const near = useMemo(
    () => (choice?.role === "angle" && !marking.alone ? nearOf(item, choice.reference, carried, asked) : undefined),
    [item, choice, carried, asked, marking.alone],
  );
  return { marks, carried, near };
}

/** full fills the screen with the viewer, or gives it back. */
function full(frame: HTMLElement | null) {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void frame?.requestFullscreen();
}

/** None stands where there is no picture to show. */
function None({ of }: { of: Item[] }) {
  const w = useWords(viewerWords);
  return <p className="viewer-none">{of.some((e) => e.medium === "statement") ? w.noneButWords : w.none}</p>;
}

/** Viewer shows a claim's evidence, each photo over or beside the reference it is compared with. */
export function Viewer({ handle, evidence, references, numberOf, compare = true, chosen, onChoose, onPainted }: Props) {
  const w = useWords(viewerWords);
  const role = useRole();
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

  const marking = useMarking(item, items, compare && still);
  const { answers } = marking;
  const choices = useMemo(
    () => [...choicesOf(alignments.data?.items ?? [], references), ...sightedOf(anglesOf(item, items), answers, items)],
    [alignments.data, references, item, items, answers],
  );
  const choice = choices.find((c) => c.reference === (item && picked[item.id])) ?? choices[0];
  const claim = useSource(still ? item?.id : undefined, previewSide);
  const reference = useSource(still && compare ? choice?.reference : undefined, previewSide);
  const { marks, carried, near } = usePlaces(item, choice, marking, layers, numberOf);
  // Who marks a place sees the claim picture alone, whatever it was compared with.
  const shown: Mode = !choice || marking.alone ? "single" : choice.matrix || mode === "single" ? mode : "side";
  const unaligned = !!choice && !choice.matrix && !marking.alone;
  const note = choice
    ? unaligned && (choice.role !== "angle" ? w.noAlign : carried.length ? w.carried : w.uncarried)
    : compare && !alignments.isPending && w.noReference;
  const pick = (of: string, other: string) => setPicked((p) => ({ ...p, [of]: other }));
  const look = (m: Mode) => {
    marking.leave();
    setMode(m);
  };

  useImperativeHandle(handle, () => ({
    fit: () => stage.current?.fit(),
    actual: () => stage.current?.actual(),
    zoom: (f) => stage.current?.zoom(f),
    pan: (x, y) => stage.current?.pan(x, y),
    split: (d) => stage.current?.split(d),
    blink: (on) => stage.current?.blink(on),
    mode: look,
    item: (n) => void (items[n] && onChoose(items[n].id)),
    reference: (step) => {
      if (!item || choices.length === 0) return;
      const i = choices.findIndex((c) => c.reference === choice?.reference);
      const next = choices[(i + step + choices.length) % choices.length];
      marking.leave();
      if (next) pick(item.id, next.reference);
    },
    beside: (id, other) => {
      onChoose(id);
      pick(id, other);
      look(mode === "single" ? "side" : mode);
    },
    mark: () => (marking.on ? marking.end() : marking.begin()),
    focus: () => stage.current?.focus(),
    layers: () => setLayers((l) => ({ altered: !l.altered, places: !l.altered })),
    full: () => full(frame.current),
  }));

  if (!item) return <None of={[...evidence, ...references]} />;
  return (
    <div className="viewer" ref={frame}>
      <Bar
        shown={shown}
        may={(m) => still && (m === "single" || (!!choice && (m === "side" || !!choice.matrix)))}
        onMode={look}
        layers={layers}
        onLayers={setLayers}
        stage={stage}
      />
      <div className="viewer-stage">
        {info.data?.kind === "video" ? (
          <Film key={item.id} info={info.data} />
        ) : (
          <Still
            handle={stage}
            claim={claim}
            reference={reference.source}
            matrix={choice?.matrix}
            mode={shown}
            marks={marks}
            carried={carried}
            near={near}
            onMark={marking.on ? marking.take : undefined}
            onPainted={onPainted}
          />
        )}
        {still && choice && shown !== "single" && (
          <Corners left={choice.role === "angle" ? role(choice) : `${w.reference} · ${role(choice)}`} right={w.claim} />
        )}
      </div>
      {still && note && <p className="viewer-note">{note}</p>}
      {still && marking.can && <MarkTool marking={marking} onBegin={() => stage.current?.focus()} />}
      <Sightings
        marking={marking}
        items={items}
        beside={shown === "side" ? choice?.reference : undefined}
        onBeside={(other) => {
          pick(item.id, other);
          look("side");
        }}
      />
      <Thumbs
        items={items}
        item={item}
        onItem={onChoose}
        choices={choices}
        choice={choice}
        onChoice={(other) => {
          marking.leave();
          pick(item.id, other);
        }}
      />
    </div>
  );
}

type StillProps = Omit<ComponentProps<typeof Stage>, "claim" | "label" | "sliderLabel"> & {
  claim: ReturnType<typeof useSource>;
};

/** Still is a photo on its stage, or why it is not there. */
function Still({ claim, ...stage }: StillProps) {
  const w = useWords(viewerWords);
  if (claim.failed)
    return (
      <p className="viewer-none" role="alert">
        {w.failed}
      </p>
    );
  if (!claim.source) return <Loading lines={1} height={320} />;
  return <Stage {...stage} claim={claim.source} label={w.stage} sliderLabel={w.split} />;
}

/** Corners say which picture is where. */
function Corners({ left, right }: { left: string; right: string }) {
  return (
    <>
      <span className="corner left">{left}</span>
      <span className="corner right">{right}</span>
    </>
  );
}
