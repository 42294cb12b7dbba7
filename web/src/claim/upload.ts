import { type DetailedError, Upload } from "tus-js-client";
import { at, unsafeHeaders } from "@/api/client";
import type { Case } from "@/api/schema";
import { currentLanguage } from "@/words/language";

/** Sending is one file on its way. */
export interface Sending {
  key: string;
  name: string;
  purpose: string;
  video: boolean;
  /** picture is a blob: address of the file itself. */
  picture: string;
  size: number;
  sent: number;
  state: "queued" | "sending" | "offline" | "failed" | "twice" | "done";
  problem?: string;
  /** sha256 of its bytes, in hexadecimal, where the browser could work it out. */
  sha256?: string;
  /** there is the slot where these very bytes are already, where state is twice. */
  there?: string;
  /** evidence is the id that the desk gave it. */
  evidence?: string;
}

/** Target is whose evidence the files become. */
export interface Target {
  claim_id: string;
}

/** Held is a file that the claim has already. */
export interface Held {
  sha256?: string;
  purpose: string;
}

/** heldBy lists what one side has sent in to a claim. */
export const heldBy = (of: Case | undefined, party: "buyer" | "merchant"): Held[] =>
  (of?.claim.evidence ?? []).filter((e) => e.party === party);

/** hashed is the largest file whose bytes are compared before they are sent; the desk compares all. */
const hashed = 64 * 1024 * 1024;

/** digest is the SHA-256 of a file; undefined where it is too large, or the page is not a secure one. */
export async function digest(file: Blob): Promise<string | undefined> {
  if (file.size > hashed || !crypto.subtle) return undefined;
  try {
    const sum = await crypto.subtle.digest("SHA-256", new Uint8Array(await file.arrayBuffer()));
    return [...new Uint8Array(sum)].map((b) => b.toString(16).padStart(2, "0")).join("");
  } catch {
    return undefined; // a file that cannot be read fails where it is sent
  }
}

export const maxPhoto = 100 * 1024 * 1024;
export const maxVideo = 2 * 1024 * 1024 * 1024;

/** refusal says by code what is wrong with a file before its first byte is sent. */
export function refusal(file: { type: string; size: number; name: string }): "" | "empty" | "kind" | "large" {
  if (file.size === 0) return "empty";
  const video = isVideo(file);
  // Some phones give a HEIC no type; its name is what is left to go by.
  if (!video && !file.type.startsWith("image/") && !/\.(heic|heif|avif|jpe?g|png|webp)$/i.test(file.name))
    return "kind";
  return file.size > (video ? maxVideo : maxPhoto) ? "large" : "";
}

export const isVideo = (file: { type: string; name: string }) =>
  file.type.startsWith("video/") || /\.(mp4|mov|webm|avi)$/i.test(file.name);

/**
 * A Courier carries files to the desk by tus, two at a time. A lost connection
 * is waited out: what has arrived stays, and the rest follows.
 */
export class Courier {
  private list: Sending[] = [];
  private files = new Map<string, { file: File; captured: string; compared?: boolean; upload?: Upload }>();
  private watchers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private held: Held[] = [];

  constructor(
    private target: Target,
    private arrived: (s: Sending) => void,
  ) {}

  /** subscribe and snapshot are for useSyncExternalStore; it listens to the network meanwhile. */
  subscribe = (w: () => void) => {
    this.watchers.add(w);
    if (this.watchers.size === 1) addEventListener("online", this.resume);
    return () => {
      this.watchers.delete(w);
      if (this.watchers.size === 0) removeEventListener("online", this.resume);
    };
  };
  snapshot = () => this.list;

  /** holds says what of this side the claim has. */
  holds(held: Held[]) {
    this.held = held;
  }

  add(file: File, purpose: string, captured: "camera" | "upload") {
    const key = crypto.randomUUID();
    this.files.set(key, { file, captured });
    const picture = URL.createObjectURL(file);
    const one: Sending = {
      key,
      name: file.name,
      purpose,
      video: isVideo(file),
      picture,
      size: file.size,
      sent: 0,
      state: "queued",
    };
    this.show([...this.list, one]);
    void this.compare(key, file);
  }

  /** compare looks whether these very bytes are here already, and sends them where they are not. */
  private async compare(key: string, file: File) {
    const sha256 = await digest(file);
    const kept = this.files.get(key);
    if (!kept) return; // dropped meanwhile
    kept.compared = true;
    const before = this.list.slice(
      0,
      this.list.findIndex((s) => s.key === key),
    );
    const same = sha256
      ? [...this.held, ...before.filter((s) => s.state !== "twice" && s.state !== "failed")].find(
          (h) => h.sha256 === sha256,
        )
      : undefined;
    this.set(key, same ? { state: "twice", sha256, there: same.purpose } : { sha256 });
    this.pump();
  }

  /** drop takes a file off the list; one that has arrived stays with the claim. */
  drop(key: string) {
    const one = this.list.find((s) => s.key === key);
    if (!one) return;
    if (one.state !== "done")
      void this.files
        .get(key)
        ?.upload?.abort(true)
        .catch(() => undefined);
    URL.revokeObjectURL(one.picture);
    this.files.delete(key);
    this.show(this.list.filter((s) => s.key !== key));
    this.pump();
  }

  retry(key: string) {
    this.set(key, { state: "queued", problem: undefined });
    this.pump();
  }

  /** resume goes on with what waits for the network. */
  resume = () => {
    clearTimeout(this.timer);
    for (const s of this.list) if (s.state === "offline") this.set(s.key, { state: "queued" });
    this.pump();
  };

  private show(list: Sending[]) {
    this.list = list;
    for (const w of this.watchers) w();
  }

  private set(key: string, change: Partial<Sending>) {
    this.show(this.list.map((s) => (s.key === key ? { ...s, ...change } : s)));
  }

  private pump() {
    for (const s of this.list) {
      if (this.list.filter((x) => x.state === "sending").length >= 2) return;
      if (s.state === "queued" && this.files.get(s.key)?.compared) this.begin(s.key);
    }
  }

  private begin(key: string) {
    const one = this.list.find((s) => s.key === key);
    const kept = this.files.get(key);
    if (!one || !kept) return;
    this.set(key, { state: "sending" });
    // The same Upload knows its address at the server and goes on from there.
    kept.upload ??= this.make(key, one, kept.file, kept.captured);
    kept.upload.start();
  }

  private make(key: string, one: Sending, file: File, captured: string): Upload {
    return new Upload(file, {
      endpoint: at("v1/uploads"),
      headers: { ...unsafeHeaders(), "Accept-Language": currentLanguage() },
      metadata: {
        claim_id: this.target.claim_id,
        purpose: one.purpose,
        captured,
        filename: clip(file.name),
        filetype: file.type,
      },
      storeFingerprintForResuming: false, // nothing of a claim stays in the browser
      removeFingerprintOnSuccess: true,
      retryDelays: [500, 1500, 3000],
      onShouldRetry: (error) => passing(error),
      onProgress: (sent) => this.set(key, { sent }),
      onError: (error) => this.failed(key, error),
      onSuccess: ({ lastResponse }) => {
        const evidence = lastResponse.getHeader("Evidence-Id");
        this.set(key, { state: "done", sent: one.size, evidence });
        this.arrived({ ...one, state: "done", evidence });
        this.pump();
      },
    });
  }

  private failed(key: string, error: Error | DetailedError) {
    if (passing(error)) {
      this.set(key, { state: "offline" });
      clearTimeout(this.timer);
      this.timer = setTimeout(this.resume, 5000); // not all browsers tell when the network is back
    } else {
      this.set(key, { state: "failed", problem: detailOf(error) });
    }
    this.pump();
  }
}

/** clip keeps a name within what the desk takes: 200 bytes. */
export function clip(name: string): string {
  let out = name;
  while (new TextEncoder().encode(out).length > 200) out = out.slice(1);
  return out;
}

/** passing says whether an error goes away by waiting: no answer, a busy or a failing server. */
export function passing(error: Error | DetailedError): boolean {
  const status = ("originalResponse" in error && error.originalResponse?.getStatus()) || 0;
  return status === 0 || status === 409 || status === 423 || status === 429 || status >= 500;
}

function detailOf(error: Error | DetailedError): string {
  const body = "originalResponse" in error ? error.originalResponse?.getBody() : "";
  try {
    return String(JSON.parse(body ?? "").detail ?? "");
  } catch {
    return "";
  }
}
