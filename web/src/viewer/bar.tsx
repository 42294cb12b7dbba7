import type { ReactNode } from "react";
import { useWords } from "@/words/language";
import type { Mode } from "./scene";
import type { StageHandle } from "./stage";
import { viewerWords } from "./words";

/** Layers are the kinds of marks that are drawn on the claim picture. */
export interface Layers {
  altered: boolean;
  places: boolean;
}

interface Props {
  shown: Mode;
  /** may is whether a mode has something to show. */
  may: (m: Mode) => boolean;
  onMode: (m: Mode) => void;
  layers: Layers;
  onLayers: (l: Layers) => void;
  stage: React.RefObject<StageHandle | null>;
}

/** Bar has the ways to compare, the layers and the zoom. */
export function Bar({ shown, may, onMode, layers, onLayers, stage }: Props) {
  const w = useWords(viewerWords);
  return (
    <div className="viewer-bar">
      <div className="segments" role="group" aria-label={w.stage}>
        {(["slider", "side", "blink", "difference", "single"] as const).map((m) => (
          <button key={m} type="button" aria-pressed={shown === m} disabled={!may(m)} onClick={() => onMode(m)}>
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
      {(["altered", "places"] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          className="viewer-tool"
          aria-pressed={layers[kind]}
          onClick={() => onLayers({ ...layers, [kind]: !layers[kind] })}
        >
          <i className={`swatch ${kind === "altered" ? "solid" : "dashed"}`} aria-hidden="true" />
          {w[kind]}
        </button>
      ))}
      <div className="viewer-zoom">
        <Zoom label={w.smaller} onClick={() => stage.current?.zoom(1 / 1.4)}>
          −
        </Zoom>
        <Zoom label={w.bigger} onClick={() => stage.current?.zoom(1.4)}>
          ＋
        </Zoom>
        <button type="button" className="viewer-tool" onClick={() => stage.current?.fit()}>
          {w.fit}
        </button>
        <button type="button" className="viewer-tool" onClick={() => stage.current?.actual()}>
          1:1
        </button>
      </div>
    </div>
  );
}

function Zoom({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className="viewer-tool" aria-label={label} title={label} onClick={onClick}>
      {children}
    </button>
  );
}
