"""Draws lines of text over pictures, as services put labels into corners, and knows where each character stands.

usage: scenes.py OUT SEED COUNT BACKGROUND-FOLDER...
Writes OUT/SEED-N.npz with, per sample, what both nets are trained on. The same seed gives the same samples on the
same pictures and fonts. Public pictures are split by folder: see heldout.
"""
import hashlib
import io
import math
import os
import random
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

import words

F = "/usr/share/fonts/"
# Debian's fonts to learn from. Held out for measuring, see masks.py: WenQuanYi Zen Hei, LXGW WenKai, Lato.
HAN_FONTS = [(F + "opentype/noto/NotoSansCJK-Regular.ttc", 2)] * 4 + [(F + "opentype/noto/NotoSansCJK-Bold.ttc", 2)] * 4 + [
    (F + "opentype/noto/NotoSerifCJK-Regular.ttc", 2), (F + "opentype/noto/NotoSerifCJK-Bold.ttc", 2), (F + "truetype/arphic/uming.ttc", 0),
    (F + "truetype/arphic/ukai.ttc", 0), (F + "truetype/droid/DroidSansFallbackFull.ttf", 0), (F + "truetype/droid/DroidSansFallbackFull.ttf", 0),
    (F + "truetype/wqy/wqy-microhei.ttc", 0), (F + "truetype/wqy/wqy-microhei.ttc", 0), (F + "truetype/smiley-sans/SmileySans-Oblique.ttf", 0)]
LATIN_FONTS = [(F + "truetype/" + n, 0) for n in [
    "dejavu/DejaVuSans.ttf", "dejavu/DejaVuSans-Bold.ttf", "dejavu/DejaVuSansCondensed.ttf", "dejavu/DejaVuSerif.ttf", "liberation/LiberationSans-Regular.ttf",
    "liberation/LiberationSans-Regular.ttf", "liberation/LiberationSans-Bold.ttf", "liberation/LiberationSerif-Regular.ttf", "liberation/LiberationSans-Italic.ttf",
    "roboto/unhinted/RobotoTTF/Roboto-Regular.ttf", "roboto/unhinted/RobotoTTF/Roboto-Medium.ttf", "roboto/unhinted/RobotoTTF/Roboto-Bold.ttf",
    "roboto/unhinted/RobotoTTF/Roboto-Light.ttf", "open-sans/OpenSans-Regular.ttf", "open-sans/OpenSans-Semibold.ttf"]] + [(F + "opentype/" + n, 0) for n in [
    "cantarell/Cantarell-Regular.otf", "urw-base35/URWGothic-Book.otf", "urw-base35/URWGothic-Book.otf", "urw-base35/URWGothic-Demi.otf", "urw-base35/NimbusSans-Bold.otf",
    "inter/Inter-Medium.otf", "inter/Inter-Bold.otf", "league-spartan/LeagueSpartan-Medium.otf"]] + [(F + "truetype/quicksand/Quicksand-Medium.ttf", 0), (F + "truetype/smiley-sans/SmileySans-Oblique.ttf", 0)]

READ_H, READ_W, READ_COL = 32, 192, 2  # the reader's crop in pixels, and pixels per column of its answer
FIND_H, FIND_W, FIND_CELL = 48, 160, 4  # the finder's crop, and pixels per cell of its answer


def heldout(path: str) -> bool:
    """Whether a picture is kept for measuring: by its folder, so that two photographs of one thing stay together."""
    folder = os.path.dirname(path.split("shared/data/")[-1])
    return hashlib.sha256(folder.encode()).digest()[0] & 1 == 1


def backgrounds(folders, want=lambda p: not heldout(p)):
    out = []
    for folder in folders:
        for root, _, names in sorted(os.walk(folder)):
            for n in sorted(names):
                p = os.path.join(root, n)
                if n.lower().endswith((".jpg", ".png")) and ("shared/data" not in p or want(p)):
                    m = Image.open(p).convert("L")
                    m.thumbnail((1400, 1400))
                    out.append(m)
    return out


class Fonts:
    def __init__(self):
        self.cache = {}

    def get(self, spec, size):
        if (spec, size) not in self.cache:
            self.cache[spec, size] = ImageFont.truetype(spec[0], size, index=spec[1])
        return self.cache[spec, size]


FONTS = Fonts()


def draw_line(r, text, em):
    """A mask of the text, the line's middle in it, and (class, x0, x1) for each character."""
    han_spec = r.choice(HAN_FONTS)
    latin_spec = han_spec if r.random() < 0.4 and "Droid" not in han_spec[0] else r.choice(LATIN_FONTS)  # Droid's fallback has no letters
    has_han = any(c > "⺀" for c in text)
    han = FONTS.get(han_spec, em)
    latin = FONTS.get(latin_spec, em)
    track = em * r.choice([0, 0, 0, r.uniform(-0.03, 0.2)])
    slant = r.uniform(-0.05, 0.36) if r.random() < 0.3 else 0.0  # how far the top leans to the right, by its height
    bold = int(round(em * r.uniform(0.01, 0.05))) if r.random() < 0.15 else 0
    pad = max(2, em // 3, int(abs(slant) * em) + 1)
    width = sum((han if c > "⺀" else latin).getlength(c) + track for c in text)
    mask = Image.new("L", (int(width) + 2 * pad + em, 2 * em), 0)
    d = ImageDraw.Draw(mask)
    x, base, marks = float(pad), int(1.45 * em), []
    for c in text:
        f = han if c > "⺀" else latin
        d.text((x, base), c, fill=255, font=f, anchor="ls", stroke_width=bold)
        w = f.getlength(c)
        k = c.lower()
        if c not in words.SILENT:
            cls = words.IGNORE if c in words.UNSURE and c != "I" else words.CLASS.get(k, words.OTHER)
            marks.append((cls, x, x + w))
        x += w + track
    middle = base - 0.37 * em if not has_han else base - 0.38 * em
    if slant:
        mask = mask.transform(mask.size, Image.AFFINE, (1, slant, -slant * middle, 0, 1, 0), Image.BILINEAR)
    return mask.crop((0, 0, int(x) + pad, 2 * em)), middle, marks


def sparkle(r, d, x, y, s):
    kind = r.randrange(4)
    if kind == 0:
        q = s * 0.16
        d.polygon([(x, y - s / 2), (x + q, y - q), (x + s / 2, y), (x + q, y + q), (x, y + s / 2), (x - q, y + q), (x - s / 2, y), (x - q, y - q)], fill=255)
    elif kind == 1:
        d.ellipse((x - s / 2, y - s / 2, x + s / 2, y + s / 2), outline=255, width=max(1, int(s / 9)))
        d.ellipse((x - s / 5, y - s / 5, x + s / 5, y + s / 5), fill=255)
    elif kind == 2:
        d.rounded_rectangle((x - s / 2, y - s / 2, x + s / 2, y + s / 2), radius=s / 4, outline=255, width=max(1, int(s / 8)))
        d.line((x - s / 4, y, x + s / 4, y - s / 5), fill=255, width=max(1, int(s / 8)))
    else:
        d.pieslice((x - s / 2, y - s / 2, x + s / 2, y + s / 2), r.randrange(360), r.randrange(360, 700), fill=255)


def blend(scene, mask, value, alpha):
    a = np.asarray(mask, np.float32) * (alpha / 255)
    return scene + a * (value - scene)


def paint(r, scene, text, em, place):
    """Paints text into scene (float gray) with its line's middle at place(width) -> (x, y); returns marks there."""
    mask, middle, marks = draw_line(r, text, em)
    h, w = scene.shape
    x, y = place(mask.size[0])
    full = Image.new("L", (w, h), 0)
    left, top = int(round(x)), int(round(y - middle))
    full.paste(mask, (left, top))
    if r.random() < 0.2:
        s = em * r.uniform(0.7, 1.1)
        sparkle(r, ImageDraw.Draw(full), left - 0.2 * em, y, s)
    around = scene[max(0, int(y - em / 2)):int(y + em / 2) + 1, max(0, left):max(1, left + mask.size[0])]
    mean = float(around.mean()) if around.size else 128.0
    value = r.choice([255, 255, 255, r.uniform(225, 255), r.uniform(0, 30), r.uniform(40, 220)])
    alpha = r.uniform(0.35, 1) if r.random() < 0.7 else 1.0
    style = r.choice(["plain", "plain", "shadow", "shadow", "outline", "box"])
    if style == "plain" and abs(value - mean) * alpha < 28:
        value = 255 if mean < 128 else 0
        alpha = max(alpha, 0.4)
    dark = 0 if value > 110 else 255
    if style == "box":
        box = Image.new("L", (w, h), 0)
        p = em * r.uniform(0.15, 0.5)
        ImageDraw.Draw(box).rounded_rectangle((left - p, y - em / 2 - p, left + mask.size[0] + p, y + em / 2 + p), radius=em * r.uniform(0, 0.6), fill=255)
        scene = blend(scene, box, dark, r.uniform(0.2, 0.75))
        alpha = max(alpha, 0.6)
    elif style != "plain":
        near = abs(value - mean) < 60
        k = max(1, int(round(em * (0.04 if style == "outline" else r.uniform(0.03, 0.09)))))
        soft = full.filter(ImageFilter.MaxFilter(2 * k + 1)) if style == "outline" else full.filter(ImageFilter.GaussianBlur(k))
        if style == "shadow":
            soft = soft.transform(soft.size, Image.AFFINE, (1, 0, -k * r.choice([0, 1]), 0, 1, -k * r.choice([0, 1])))
        scene = blend(scene, soft, dark, alpha * (r.uniform(0.5, 1) if near else r.uniform(0.2, 0.8)))
    return blend(scene, full, value, alpha), [(c, left + a, left + b, y) for c, a, b in marks]


def background(r, pictures, h, w):
    m = r.choice(pictures)
    need = max(w / m.size[0], h / m.size[1])
    s = max(need, r.choice([0.35, 0.5, 0.75, 1.0, 1.5])) if need < 2.5 else need
    cw, ch = min(m.size[0], int(w / s)), min(m.size[1], int(h / s))
    x, y = r.randint(0, m.size[0] - cw), r.choice([0, m.size[1] - ch, r.randint(0, m.size[1] - ch)])
    m = m.resize((w, h), Image.BILINEAR, box=(x, y, x + cw, y + ch))
    out = np.asarray(m, np.float32)
    if r.random() < 0.15:  # plain surfaces: walls, tables, sky, screenshots
        out = r.uniform(5, 250) + (out - out.mean()) * r.choice([0, 0.05, 0.15])
    return out * r.uniform(0.7, 1.0) + r.uniform(0, 20)


def jpeg(r, m):
    for _ in range(r.choice([1, 1, 2])):
        b = io.BytesIO()
        m.save(b, "JPEG", quality=r.randint(60, 95))
        m = Image.open(b)
    return m.convert("L")


def sample(r, pictures):
    """One scene, cut for both nets."""
    d = math.exp(r.uniform(math.log(7), math.log(15.5)))  # em in the finder's pixels
    em = int(round(math.exp(r.uniform(math.log(9), math.log(r.choice([18, 48]))))))  # em in the scene's
    h, w = int(round(FIND_H * em / d)), int(round(FIND_W * em / d))
    scene = background(r, pictures, h, w)
    marks, lines = [], []
    empty = r.random() < 0.12
    y = r.uniform(0.6 * em, h - 0.6 * em)
    if not empty:
        text = words.line(r)

        def place(width):
            right, gap = w - width, em * r.uniform(-0.2, 1)
            return r.choice([gap, right - gap, right / 2 + r.uniform(-1, 1) * max(0, right / 2)]), y
        scene, got = paint(r, scene, text, em, place)
        lines.append((got, em, y))
        marks += got
        if r.random() < 0.35:  # a second line, above or below, as close as marks of two lines are set
            e2 = max(8, int(em * r.choice([1, r.uniform(0.6, 1.4)])))
            y2 = y + r.choice([-1, 1]) * (em + e2) / 2 * r.uniform(1.02, 1.6)
            if 0.6 * e2 < y2 < h - 0.6 * e2:
                left = got[0][1] if got else 0
                scene, got2 = paint(r, scene, r.choice([words.near, words.service])(r), e2, lambda width: (left + r.choice([0, r.uniform(-1, 1) * em]), y2))
                lines.append((got2, e2, y2))
    scene += np.random.RandomState(r.getrandbits(31)).normal(0, r.choice([0, 0, 2, 4]), scene.shape)
    m = jpeg(r, Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8)))
    return finder_sample(r, m, lines, em, d) + reader_sample(r, m, marks, em, y)


def shrink(r, k):
    """A filter for making a picture k times smaller: area average as in Go for the most part."""
    return Image.BOX if k > 2 or k > 1 and r.random() < 0.75 else r.choice([Image.BICUBIC, Image.BILINEAR])


def finder_sample(r, m, lines, em, d):
    """The scene at the finder's scale, and per cell 0 nothing, 1 a line, 2 do not care, and the line's em."""
    img = np.asarray(m.resize((FIND_W, FIND_H), shrink(r, em / d)))
    k = d / em
    cells = np.zeros((FIND_H // FIND_CELL, FIND_W // FIND_CELL), np.uint8)
    size = np.zeros(cells.shape, np.float32)
    ys = (np.arange(cells.shape[0]) + 0.5) * FIND_CELL
    xs = (np.arange(cells.shape[1]) + 0.5) * FIND_CELL
    for got, e, y in lines:
        if not got:
            continue
        e, y = e * k, y * k
        x0, x1 = min(a for _, a, _, _ in got) * k, max(b for _, _, b, _ in got) * k
        dy, dx = np.abs(ys - y)[:, None], np.maximum(x0 - xs, xs - x1)[None, :]
        care = (dy < 0.75 * e) & (dx < 0.6 * e)
        core = (dy <= max(0.28 * e, 2.0)) & (dx <= 0)
        cells[care & (cells == 0)] = 2
        if e < 6.5:
            continue
        cells[core] = 1
        size[core] = e
    return img, cells, size


def reader_sample(r, m, marks, em, y):
    """A crop round the line at the reader's scale, and the class of each column."""
    e = math.exp(r.uniform(math.log(14), math.log(28)))
    k = em / e
    w, h = READ_W * k, READ_H * k
    if marks:
        x0, x1 = marks[0][1], marks[-1][2]
        left = r.uniform(min(x0 - 0.5 * em, x1 - w), max(x0 - 0.5 * em, x1 - w + em))
    else:
        left = r.uniform(0, max(1, m.size[0] - w))
    top = y - h / 2 + r.uniform(-4, 4) * k
    p = int(max(h, w)) + 2
    a = np.pad(np.asarray(m), ((int(h) + 2, int(h) + 2), (p, p)), "edge") if left < 0 or top < 0 or left + w > m.size[0] or top + h > m.size[1] else None
    box = (left, top, left + w, top + h)
    if a is not None:
        m = Image.fromarray(a)
        box = (left + p, top + int(h) + 2, left + p + w, top + int(h) + 2 + h)
        box = (max(0, box[0]), max(0, box[1]), min(m.size[0], box[2]), min(m.size[1], box[3]))
    img = np.asarray(m.resize((READ_W, READ_H), shrink(r, k), box=box))
    n = READ_W // READ_COL
    centre = (np.arange(n) + 0.5) * READ_COL
    cols = np.zeros(n, np.uint8)
    spans = [(c, (a - left) / k, (b - left) / k) for c, a, b, _ in marks]
    for c, a, b in spans:
        mid, half = (a + b) / 2, (b - a) / 2
        cols[(np.abs(centre - mid) < 0.7 * half)] = words.IGNORE
    for c, a, b in spans:
        mid, half = (a + b) / 2, (b - a) / 2
        core = np.abs(centre - mid) < max(0.4 * half, READ_COL / 2)
        cut = a < -1 or b > READ_W + 1
        cols[core] = words.IGNORE if cut else c
    return img, cols


def main():
    out, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    r = random.Random(seed)
    pictures = backgrounds(sys.argv[4:])
    os.makedirs(out, exist_ok=True)
    for shard in range(count // 2000):
        got = [sample(r, pictures) for _ in range(2000)]
        find, cells, size, read, cols = (np.stack(x) for x in zip(*got))
        name = f"{out}/{seed}-{shard:03d}.npz"
        np.savez(name + ".part.npz", find=find, cells=cells, size=size.astype(np.float16), read=read, cols=cols)
        os.rename(name + ".part.npz", name)
        print(name, flush=True)


if __name__ == "__main__":
    main()
