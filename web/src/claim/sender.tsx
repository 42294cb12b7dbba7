import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { size } from "@/ui/format";
import { purposes, useWord } from "@/words/domain";
import { useWords } from "@/words/language";
import { Drawn } from "./photos";
import { Courier, type Held, refusal, type Sending } from "./upload";
import { claimWords } from "./words";

/** useCourier carries files to a claim for as long as the page is open; held is what this side has sent before. */
export function useCourier(claimId: string, held: Held[]): { courier: Courier; sending: Sending[] } {
  const queries = useQueryClient();
  const courier = useMemo(
    () => new Courier({ claim_id: claimId }, () => void queries.invalidateQueries({ queryKey: ["claim", claimId] })),
    [claimId, queries],
  );
  const sending = useSyncExternalStore(courier.subscribe, courier.snapshot);
  courier.holds(held);
  const busy = sending.some(underWay);
  useEffect(() => {
    if (!busy) return;
    // Leaving now would lose what has not arrived; the browser asks first.
    const stay = (e: BeforeUnloadEvent) => e.preventDefault();
    addEventListener("beforeunload", stay);
    return () => removeEventListener("beforeunload", stay);
  }, [busy]);
  return { courier, sending };
}

/** underWay is whether a file may still arrive by itself. */
export const underWay = (s: Sending) => s.state === "queued" || s.state === "sending" || s.state === "offline";

/** unsent is whether a file is still to arrive, by itself or by trying again. */
export const unsent = (s: Sending) => underWay(s) || s.state === "failed";

interface Takes {
  courier: Courier;
  purpose: string;
  /** accept is what may be chosen: photos, videos or both. */
  media: ("photo" | "video")[];
  /** primary makes the camera the button that one sees first. */
  primary?: boolean;
  about?: string;
}

/** TakePicture opens the camera at once, or the gallery. */
export function TakePicture({ courier, purpose, media, primary, about }: Takes) {
  const w = useWords(claimWords);
  const [wrong, setWrong] = useState("");
  const asked = useRef(0);
  const id = useId();
  const accept = media.map((m) => (m === "photo" ? "image/*" : "video/*")).join(",");
  const first = media[0] === "video" ? "video/*" : "image/*";
  const said = useInView(wrong !== "");
  const take = (files: FileList | null, camera: boolean) => {
    setWrong("");
    // Another one is taken in the place of what was here already: that it was needs no more saying.
    if (files?.length)
      for (const s of courier.snapshot()) if (s.state === "twice" && s.purpose === purpose) courier.drop(s.key);
    for (const file of [...(files ?? [])].slice(0, 20)) {
      const bad = refusal(file);
      if (bad) setWrong(w[bad]);
      // A browser without a camera opens its files instead: only what was made just now was taken here.
      else courier.add(file, purpose, camera && file.lastModified >= asked.current - 2000 ? "camera" : "upload");
    }
  };
  const input = (camera: boolean) => (
    <label className={`btn pick ${camera && primary ? "primary" : ""}`}>
      {camera ? <CameraSign /> : null}
      {camera ? w.camera : w.gallery}
      <input
        type="file"
        className="sr"
        aria-label={`${camera ? w.camera : w.gallery}${about ? `: ${about}` : ""}`}
        aria-describedby={wrong ? id : undefined}
        accept={camera ? first : accept}
        capture={camera ? "environment" : undefined}
        multiple={!camera}
        onClick={() => {
          asked.current = Date.now();
        }}
        onChange={(e) => {
          take(e.target.files, camera);
          e.target.value = ""; // the same file may be chosen again
        }}
      />
    </label>
  );
  return (
    <div className="stack tight">
      <div className="row picks">
        {input(true)}
        {input(false)}
      </div>
      {wrong && (
        <span className="wrong" role="alert" id={id} ref={said}>
          {wrong}
        </span>
      )}
    </div>
  );
}

/** useInView scrolls what it is tied to into view once it has something to say: on a phone it may lie under the bar. */
function useInView(says: boolean) {
  const at = useRef<HTMLElement>(null);
  useEffect(() => {
    if (says) at.current?.scrollIntoView?.({ block: "nearest" });
  }, [says]);
  return at;
}

function CameraSign() {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 18 18"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
    >
      <path d="M2 6.2c0-.9.7-1.6 1.6-1.6h1.7L6.6 2.8h4.8l1.3 1.8h1.7c.9 0 1.6.7 1.6 1.6v7.2c0 .9-.7 1.6-1.6 1.6H3.6c-.9 0-1.6-.7-1.6-1.6z" />
      <circle cx="9" cy="9.6" r="2.7" />
    </svg>
  );
}

/** Sendings lists files on their way: how far each is, and what to do about one that stays. */
export function Sendings({ courier, list }: { courier: Courier; list: Sending[] }) {
  const w = useWords(claimWords);
  const word = useWord();
  const words = { queued: w.queued, sending: w.sending, offline: w.offline, failed: w.failed, done: w.arrived };
  const said = (s: Sending) =>
    s.state === "twice" ? w.twice(word(purposes, s.there ?? "")) : s.problem || words[s.state];
  if (list.length === 0) return null;
  return (
    <ul className="sendings">
      {list.map((s) => (
        <li key={s.key} className={s.state}>
          <span className="thumb small">
            <Own of={s} />
          </span>
          <span className="grow">
            <span className="sending-name">{s.name}</span>
            <Said wrong={s.state === "failed" || s.state === "twice"} show={s.state === "twice"}>
              {said(s)}
              {s.state === "sending" && ` ${Math.floor((s.sent / s.size) * 100)}%`} · {size(s.size)}
            </Said>
            {(s.state === "sending" || s.state === "offline") && (
              <progress max={s.size} value={s.sent} aria-label={`${s.name}: ${said(s)}`} />
            )}
          </span>
          {s.state === "failed" && (
            <button type="button" className="btn quiet" onClick={() => courier.retry(s.key)}>
              {w.retry}
            </button>
          )}
          {s.state !== "done" && (
            <button
              type="button"
              className="iconbtn"
              aria-label={`${w.remove}: ${s.name}`}
              onClick={() => courier.drop(s.key)}
            >
              ✕
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Said is what there is to say of a file; show is whether it follows at once upon choosing it, and is scrolled into view. */
function Said({ wrong, show, children }: { wrong: boolean; show: boolean; children: ReactNode }) {
  const at = useInView(show);
  return (
    <span className={wrong ? "wrong" : "faint"} aria-live="polite" ref={at}>
      {children}
    </span>
  );
}

/** Own shows a file from the device; formats that the browser does not know are drawn. */
function Own({ of: s }: { of: Sending }) {
  const [broken, setBroken] = useState(false);
  if (s.video || broken) return <Drawn video={s.video} />;
  return <img src={s.picture} alt="" onError={() => setBroken(true)} />;
}
