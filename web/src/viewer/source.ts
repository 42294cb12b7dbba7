import { api, at, must } from "@/api/client";
import { asProblem, ProblemError } from "@/api/problem";
import type { Alignment, Picture } from "@/api/schema";
import type { Size, Tile } from "./geometry";

/** previewSide is the longest side of the previews on the stage, in px: as fine as most screens, before any tile. */
export const previewSide = 1920;

/** previewOf is where a picture's preview is; the server lets the browser keep it for good. */
export const previewOf = (id: string, side = previewSide) => at(`v1/evidence/${id}/preview?size=${side}`);

const mostTiles = 240; // 512 px of 4 bytes each: 250 MB when all are decoded

/** Loaded is a tile that is here or on its way. */
interface Loaded {
  image?: ImageBitmap;
  stop: AbortController;
}

/** bitmapOf loads and decodes a picture outside the drawing thread, so that no frame waits for a decoder. */
async function bitmapOf(address: string, signal?: AbortSignal): Promise<ImageBitmap> {
  const answer = await fetch(address, { signal, credentials: "same-origin" });
  if (!answer.ok) throw new ProblemError(await asProblem(answer));
  return createImageBitmap(await answer.blob());
}

/** Source is one picture of the server: a preview at once, tiles of the full size when they are needed. */
export class Source {
  private readonly tiles = new Map<string, Loaded>();
  /** gone is a picture that was closed: it cannot be drawn any more. */
  gone = false;
  /** changed is called whenever there is more to draw. */
  changed: () => void = () => {};

  private constructor(
    readonly info: Picture,
    readonly preview: ImageBitmap,
  ) {}

  /** open loads a picture's preview, with a longest side of at most side px. */
  static async open(info: Picture, side: number): Promise<Source> {
    return new Source(info, await bitmapOf(previewOf(info.id, side)));
  }

  get size(): Size {
    return { width: this.info.width, height: this.info.height };
  }

  /** enough is whether the preview is as fine as the screen, or all there is. */
  enough(devicePxPerPicturePx: number): boolean {
    const longest = Math.max(this.info.width, this.info.height);
    const have = Math.max(this.preview.width, this.preview.height);
    return this.info.levels < 1 || devicePxPerPicturePx * longest <= have * 1.15 || longest <= have;
  }

  /** tile is a tile's picture if it is here; otherwise it is on its way. */
  tile(t: Tile): ImageBitmap | undefined {
    const key = `${t.level}/${t.x}/${t.y}`;
    const have = this.tiles.get(key);
    if (have) {
      this.tiles.delete(key); // the last asked for is the last to go
      this.tiles.set(key, have);
      return have.image;
    }
    const loading: Loaded = { stop: new AbortController() };
    this.tiles.set(key, loading);
    bitmapOf(at(`v1/evidence/${this.info.id}/tiles/${key}`), loading.stop.signal).then(
      (image) => {
        if (loading.stop.signal.aborted) return image.close();
        loading.image = image;
        this.changed();
      },
      // What failed is asked for again a little later, when it is still to be seen.
      () => void setTimeout(() => !this.gone && this.tiles.get(key) === loading && this.tiles.delete(key), 3000),
    );
    for (const [old, oldest] of this.tiles) {
      if (this.tiles.size <= mostTiles) break;
      this.drop(oldest);
      this.tiles.delete(old);
    }
    return undefined;
  }

  private drop(tile: Loaded) {
    tile.stop.abort();
    tile.image?.close();
  }

  close() {
    this.gone = true;
    this.changed = () => {};
    for (const tile of this.tiles.values()) this.drop(tile);
    this.tiles.clear();
    this.preview.close();
  }
}

/** pictureQuery asks what a piece of evidence is: its size, its tiles, a film's key frames. It never changes. */
export const pictureQuery = (id: string) => ({
  queryKey: ["picture", id],
  queryFn: () => must<Picture>(api.GET("/v1/evidence/{id}/picture", { params: { path: { id } } })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** alignmentsQuery asks how the references lie in a photo. */
export const alignmentsQuery = (id: string) => ({
  queryKey: ["alignments", id],
  queryFn: () =>
    must<{ items: Alignment[] | null }>(
      api.GET("/v1/evidence/{id}/alignments", { params: { path: { id } } }) as Promise<{
        data?: { items: Alignment[] | null };
      }>,
    ),
  staleTime: Number.POSITIVE_INFINITY,
});
