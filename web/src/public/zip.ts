// Reads a ZIP's directory as strictly as the desk does (desk/dossier/zipdir.go):
// files lie one behind the other from the first byte to the directory, and each
// is called the same in both places that name it, so that nothing is in the
// file that a checker does not see and an unpacker does (APPNOTE 6.3.10, 4.3).

/** Entry is one file of a ZIP. */
export interface Entry {
  name: string;
  deflated: boolean;
  /** bytes in the ZIP */
  packed: number;
  /** bytes unpacked, as the ZIP says */
  size: number;
  /** where its header is, and where its bytes begin */
  at: number;
  body: number;
}

export type ZipFault = "not_a_dossier" | "layout" | "name" | "too_large";

/** ZipError says by its code what is wrong with the file. */
export class ZipError extends Error {
  constructor(readonly code: ZipFault) {
    super(code);
    this.name = "ZipError";
  }
}

const endLength = 22;
const entryLength = 46;
const localLength = 30;
/** bounds of a dossier: files, and bytes of the directory */
const maxFiles = 2000;
const maxDirectory = 1 << 20;
const utf8 = new TextDecoder("utf-8", { fatal: true });

async function bytesOf(file: Blob, from: number, to: number): Promise<DataView> {
  return new DataView(await file.slice(from, to).arrayBuffer());
}

/** directory lists the files of a ZIP in the order in which they lie; it throws a ZipError. */
export async function directory(file: Blob): Promise<Entry[]> {
  if (file.size < endLength) throw new ZipError("not_a_dossier");
  const end = await bytesOf(file, file.size - endLength, file.size);
  const count = end.getUint16(10, true);
  const length = end.getUint32(12, true);
  const at = end.getUint32(16, true);
  const plain =
    end.getUint32(0, true) === 0x06054b50 &&
    end.getUint32(4, true) === 0 &&
    end.getUint16(8, true) === count &&
    end.getUint16(20, true) === 0 &&
    at + length === file.size - endLength;
  if (!plain) throw new ZipError("not_a_dossier");
  if (count > maxFiles || length > maxDirectory) throw new ZipError("too_large");
  const dir = await bytesOf(file, at, at + length);
  const list: Entry[] = [];
  let offset = 0;
  for (let i = 0; i < count; i++) {
    const [entry, next] = readEntry(dir, offset);
    list.push(entry);
    offset = next;
  }
  if (offset !== length) throw new ZipError("layout");
  await inOrder(file, list, at);
  return list;
}

function readEntry(dir: DataView, o: number): [Entry, number] {
  if (o + entryLength > dir.byteLength || dir.getUint32(o, true) !== 0x02014b50) throw new ZipError("not_a_dossier");
  const nameLength = dir.getUint16(o + 28, true);
  const next = o + entryLength + nameLength + dir.getUint16(o + 30, true) + dir.getUint16(o + 32, true);
  if (next > dir.byteLength) throw new ZipError("not_a_dossier");
  const method = dir.getUint16(o + 10, true);
  const packed = dir.getUint32(o + 20, true);
  const size = dir.getUint32(o + 24, true);
  // Encrypted, or packed in a way that is not read here.
  const encrypted = (dir.getUint16(o + 8, true) & 1) !== 0;
  if (encrypted || (method !== 0 && method !== 8) || (method === 0 && packed !== size))
    throw new ZipError("not_a_dossier");
  const name = nameAt(dir, o + entryLength, nameLength);
  if (name === undefined || !safeName(name, nameLength)) throw new ZipError("name");
  return [{ name, deflated: method === 8, packed, size, at: dir.getUint32(o + 42, true), body: 0 }, next];
}

function nameAt(view: DataView, at: number, length: number): string | undefined {
  try {
    return utf8.decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
  } catch {
    return undefined;
  }
}

/** safeName is whether a file may be called so: a plain relative path that no system reads in another way. */
export function safeName(name: string, bytes = new TextEncoder().encode(name).length): boolean {
  if (!name || bytes > 200 || /[\\:*?"<>|\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(name)) return false;
  return name
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !part.endsWith(".") && !part.endsWith(" "));
}

/** inOrder holds each file's own header against the directory, and finds where its bytes begin. */
async function inOrder(file: Blob, list: Entry[], to: number) {
  const seen = new Set<string>();
  let at = 0;
  for (const e of list) {
    const same = e.name.toLowerCase();
    if (seen.has(same)) throw new ZipError("name");
    seen.add(same);
    const nameLength = new TextEncoder().encode(e.name).length;
    if (e.at !== at || at + localLength + nameLength > to) throw new ZipError("layout");
    const head = await bytesOf(file, at, at + localLength + nameLength);
    const agrees =
      head.getUint32(0, true) === 0x04034b50 &&
      head.getUint16(26, true) === nameLength &&
      nameAt(head, localLength, nameLength) === e.name &&
      (head.getUint16(8, true) === 8) === e.deflated;
    if (!agrees) throw new ZipError("layout");
    e.body = at + localLength + nameLength + head.getUint16(28, true);
    at = await afterDescriptor(file, head.getUint16(6, true), e.body + e.packed, to);
  }
  if (at !== to) throw new ZipError("layout");
}

/** afterDescriptor passes over what follows a file whose size was not known when its header was written. */
async function afterDescriptor(file: Blob, flags: number, at: number, to: number): Promise<number> {
  if ((flags & 8) === 0) return at;
  if (at + 12 > to) throw new ZipError("layout");
  const sign = await bytesOf(file, at, at + 4);
  return at + (sign.getUint32(0, true) === 0x08074b50 ? 16 : 12);
}

/**
 * read unpacks one file of the ZIP. It throws a ZipError where the file comes
 * to more than limit bytes, or to another size than the ZIP says.
 */
export async function read(file: Blob, e: Entry, limit: number): Promise<ArrayBuffer> {
  if (e.size > limit) throw new ZipError("too_large");
  const packed = file.slice(e.body, e.body + e.packed);
  if (!e.deflated) return packed.arrayBuffer();
  const out = new Uint8Array(e.size);
  let filled = 0;
  const from = packed.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  for (;;) {
    const { done, value } = await from.read().catch(() => {
      throw new ZipError("layout");
    });
    if (done) break;
    if (filled + value.length > e.size) {
      await from.cancel();
      throw new ZipError("layout");
    }
    out.set(value, filled);
    filled += value.length;
  }
  if (filled !== e.size) throw new ZipError("layout");
  return out.buffer;
}
