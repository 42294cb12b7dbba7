import { useMutation } from "@tanstack/react-query";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { api, must } from "@/api/client";
import { ProblemError } from "@/api/problem";
import type { DossierKey } from "@/api/schema";
import { useFormat } from "@/ui/format";
import { Button, Notice } from "@/ui/kit";
import { Scales, TroubleBox } from "@/ui/states";
import { useWords } from "@/words/language";
import { checkWords } from "./check-words";
import { canCheck, check, type Result } from "./dossier";
import { Verdict } from "./verdict";
import "./public.css";

/** largestSent is what the server takes for checking, in bytes. */
const largestSent = 1 << 30;

interface Checked {
  name: string;
  here: boolean;
  result: Result;
}

/** CheckPage tells anybody whether a dossier is whole and ours: in the browser where it can, else at the server. */
export default function CheckPage() {
  const w = useWords(checkWords);
  const [wrong, setWrong] = useState("");
  const [part, setPart] = useState<number>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const work = useMutation({
    mutationFn: async (file: File): Promise<Checked> => {
      stop.current = new AbortController();
      const { signal } = stop.current;
      const here = await canCheck(file);
      if (!here && file.size > largestSent)
        throw new ProblemError({ code: "too_large", status: 413, title: w.tooLarge, detail: "" });
      if (!here) return { name: file.name, here, result: await send(file, signal) };
      const key = await must<DossierKey>(api.GET("/v1/dossiers/key", { signal }));
      const told = (share: number) => {
        signal.throwIfAborted();
        setPart(share);
      };
      return { name: file.name, here, result: await check(file, key.public_key, told) };
    },
  });
  const take = (file: File | undefined) => {
    if (!file) return;
    const zip = /\.zip$/i.test(file.name) || file.type.includes("zip");
    setWrong(!zip ? w.notZip : file.size > 2 ** 32 ? w.tooLarge : "");
    setPart(undefined);
    work.reset();
    if (zip && file.size <= 2 ** 32) work.mutate(file);
  };
  const halt = () => {
    stop.current?.abort();
    work.reset();
  };
  return (
    <main id="main" className="page narrow stack check-page">
      <div>
        <h1>{w.title}</h1>
        <p className="muted">{w.about}</p>
      </div>
      {wrong && (
        <Notice tone="seal" alert>
          {wrong}
        </Notice>
      )}
      <div aria-live="polite" className="stack">
        {work.isPending ? (
          <Working part={part} stop={halt} />
        ) : work.data ? (
          <>
            <Verdict of={work.data.result} name={work.data.name} />
            <p className="faint">{work.data.here ? w.local : w.remote}</p>
            <div className="row no-print">
              <Button kind="primary" onClick={() => work.reset()}>
                {w.another}
              </Button>
              <Button onClick={() => print()}>{w.print}</Button>
            </div>
          </>
        ) : work.error ? (
          <div className="card">
            <TroubleBox error={work.error} retry={() => work.reset()} />
          </div>
        ) : (
          <Drop take={take} />
        )}
      </div>
      <How />
    </main>
  );
}

/** send has the server check a file that this browser cannot. */
async function send(file: File, signal: AbortSignal): Promise<Result> {
  return must<Result>(
    api.POST("/v1/dossiers/check", {
      // The description says string for bytes; the file is sent as it is.
      body: file as unknown as string,
      bodySerializer: (body) => body as unknown as BodyInit,
      headers: { "Content-Type": "application/zip" },
      signal,
    }),
  );
}

function Drop({ take }: { take: (file: File | undefined) => void }) {
  const w = useWords(checkWords);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    take(e.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button in it is the first
    <div
      className={`drop ${over ? "over" : ""}`}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Scales size={64} />
      <p className="drop-text">{w.drop}</p>
      <Button kind="primary" onClick={() => input.current?.click()}>
        {w.choose}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={w.choose}
        accept=".zip,application/zip"
        onChange={(e) => {
          take(e.target.files?.[0]);
          e.target.value = "";
        }}
      />
      {isSecureContext && <p className="faint">{w.local}</p>}
    </div>
  );
}

function Working({ part, stop }: { part: number | undefined; stop: () => void }) {
  const w = useWords(checkWords);
  const f = useFormat();
  return (
    <div className="drop" role="status">
      <Scales size={64} />
      <p className="drop-text">{part === undefined ? w.sending : w.reading(f.percent(Math.floor(part * 100) / 100))}</p>
      <progress className="check-bar" value={part} max={1} aria-label={w.title} />
      <Button onClick={stop}>{w.stop}</Button>
    </div>
  );
}

function How() {
  const w = useWords(checkWords);
  return (
    <section className="card stack how no-print">
      <h2>{w.how}</h2>
      <ol>
        {w.howText.map((t) => (
          <li key={t}>{t}</li>
        ))}
      </ol>
      <h3>{w.offline}</h3>
      <p className="muted">{w.offlineText}</p>
      <pre className="command">evenhand verify-dossier evenhand-….zip</pre>
    </section>
  );
}
