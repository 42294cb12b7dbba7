import { useEffect, useRef, useState } from "react";
import { at } from "@/api/client";
import type { Picture } from "@/api/schema";
import { useWords } from "@/words/language";
import { viewerWords } from "./words";

const most = 12; // thumbnails in the strip
const patience = 800; // ms for a frame that was sought to be presented

/** spreadOver picks at most n moments of a film evenly: of its key frames where they are known, of its length otherwise. */
export function spreadOver(frames: readonly number[], duration: number, n = most): number[] {
  if (frames.length > 0) {
    if (frames.length <= n) return [...frames];
    return Array.from({ length: n }, (_, i) => frames[Math.round((i * (frames.length - 1)) / (n - 1))] ?? 0);
  }
  if (!(duration > 0)) return [];
  return Array.from({ length: n }, (_, i) => ((i + 0.5) * duration) / n);
}

export const timeOf = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** Film plays a video, with a strip of its key frames to jump to. The thumbnails are drawn here, by a second player that seeks. */
export function Film({ info }: { info: Picture }) {
  const w = useWords(viewerWords);
  const player = useRef<HTMLVideoElement>(null);
  const [duration, setDuration] = useState(info.duration);
  const [broken, setBroken] = useState(false);
  const address = at(`v1/evidence/${info.id}/content`);
  const moments = spreadOver(info.frames ?? [], duration);
  return (
    <div className="film">
      {broken ? (
        <p className="film-none">
          {w.noFilm} <a href={address}>{w.original}</a>
        </p>
      ) : (
        // biome-ignore lint/a11y/useMediaCaption: evidence has no captions, and adding any would change it
        <video
          ref={player}
          src={address}
          controls
          preload="metadata"
          playsInline
          onLoadedMetadata={(e) => setDuration(e.currentTarget.duration)}
          onError={() => setBroken(true)}
        />
      )}
      {!broken && moments.length > 0 && (
        <div className="strip" role="group" aria-label={w.keyFrames}>
          <Frames
            address={address}
            moments={moments}
            label={w.frameAt}
            onPick={(t) => {
              if (player.current) player.current.currentTime = t;
            }}
          />
        </div>
      )}
    </div>
  );
}

interface FramesProps {
  address: string;
  moments: number[];
  label: string;
  onPick: (t: number) => void;
}

function Frames({ address, moments, label, onPick }: FramesProps) {
  const canvases = useRef<(HTMLCanvasElement | null)[]>([]);
  const key = moments.join();
  useEffect(() => {
    const times = key.split(",").map(Number);
    const seeker = document.createElement("video");
    seeker.muted = true;
    seeker.preload = "auto";
    seeker.src = address;
    let i = 0;
    let timer = 0;
    let sought = false;
    let presented = false;
    const draw = () => {
      const c = canvases.current[i];
      if (!c || seeker.videoWidth === 0) return;
      c.height = Math.round((c.width * seeker.videoHeight) / seeker.videoWidth);
      c.getContext("2d")?.drawImage(seeker, 0, 0, c.width, c.height);
    };
    const advance = () => {
      clearTimeout(timer);
      draw();
      i++;
      next();
    };
    // On a busy machine a browser says "seeked" before the frame is there to be drawn: the one before would be drawn
    // again. So the frame's own presentation is waited for, where a browser tells of it, but not for ever.
    const watch = (mine: number) =>
      seeker.requestVideoFrameCallback?.((_, frame) => {
        if (mine !== i) return;
        if (Math.abs(frame.mediaTime - (times[mine] ?? 0)) > 0.2) {
          watch(mine);
          return;
        }
        presented = true;
        if (sought) advance();
      });
    const next = () => {
      if (i >= times.length) return;
      sought = false;
      presented = false;
      watch(i);
      seeker.currentTime = times[i] ?? 0;
    };
    seeker.onloadeddata = next;
    seeker.onseeked = () => {
      sought = true;
      if (presented || !("requestVideoFrameCallback" in seeker)) advance();
      else timer = window.setTimeout(advance, patience);
    };
    return () => {
      clearTimeout(timer);
      i = times.length;
      seeker.onseeked = null;
      seeker.removeAttribute("src");
      seeker.load();
    };
  }, [address, key]);
  return moments.map((t, i) => (
    <button type="button" key={t} className="frame" aria-label={`${label} ${timeOf(t)}`} onClick={() => onPick(t)}>
      <canvas
        width={144}
        height={81}
        ref={(c) => {
          canvases.current[i] = c;
        }}
      />
      <span className="num">{timeOf(t)}</span>
    </button>
  ));
}
