package imaging

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io"
)

// decodePNG hands the file to the standard library and, where that finds it cut
// or damaged, tries what can be inflated. What would take too much is decoded
// by rows.
func decodePNG(ctx context.Context, h header, data []byte, lim Limits) (decoded, error) {
	if h.png.rows {
		return decodePNGRows(ctx, h.png, data)
	}
	m, err := png.Decode(newReader(ctx, data))
	if err == nil {
		return decoded{pixels: m}, nil
	}
	if ctx.Err() != nil || h.width == 0 || h.height == 0 {
		return decoded{}, unsupportedOr(err)
	}
	size, _ := pngRawSize(pngHead(data))
	return decoded{}, &again{memory: 2*size + h.memory, decode: func(ctx context.Context, h header, data []byte, lim Limits) (decoded, error) {
		m, whole, ok := salvagePNG(ctx, h, data, lim)
		if !ok {
			return decoded{}, unsupportedOr(err)
		}
		d := decoded{pixels: m}
		if !whole {
			d.problem = "the file is cut short or damaged: " + err.Error()
		}
		return d, nil
	}, otherwise: unsupportedOr(err)}
}

// pngHead is the body of the first IHDR that is as long as one must be: what
// pngHeader reckoned with. A second one counts for nothing.
func pngHead(data []byte) []byte {
	for c := range pngChunks(data) {
		if c.kind == "IHDR" && len(c.body) == 13 {
			return c.body
		}
	}
	return make([]byte, 13)
}

// salvagePNG decodes the rows that a cut or damaged file still has: the pixel
// data is inflated as far as it goes, filled up with zeros, and put into a
// sound file again. whole is true where no row was missing, ok false where not
// one can be had or the work would take too much memory.
func salvagePNG(ctx context.Context, h header, data []byte, lim Limits) (m image.Image, whole, ok bool) {
	head := pngHead(data)
	var palette, transparency []byte
	for c := range pngChunks(data) {
		switch c.kind {
		case "PLTE":
			palette = c.body
		case "tRNS":
			transparency = c.body
		}
	}
	if h.width == 0 || h.height == 0 {
		return nil, false, false
	}
	size, row := pngRawSize(head)
	if row < 2 || h.memory > lim.MaxMemory { // which counts both copies already
		return nil, false, false
	}
	packed := newPixelData(data)
	defer packed.stop()
	inflate, err := zlib.NewReader(packed)
	if err != nil {
		return nil, false, false
	}
	raw := make([]byte, size)
	got, _ := io.ReadFull(readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return inflate.Read(p)
	}), raw)
	if int64(got) < row || ctx.Err() != nil {
		return nil, false, false
	}
	var file bytes.Buffer
	file.WriteString(pngSignature)
	writeChunk(&file, "IHDR", head)
	if palette != nil {
		writeChunk(&file, "PLTE", palette)
	}
	if transparency != nil {
		writeChunk(&file, "tRNS", transparency)
	}
	writeChunk(&file, "IDAT", storeZlib(raw))
	writeChunk(&file, "IEND", nil)
	m, err = png.Decode(newReader(ctx, file.Bytes()))
	return m, int64(got) == size, err == nil
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// pngRawSize is the length of the inflated pixel data with its filter bytes,
// and of its first row, in bytes (PNG 3rd edition, 7.2 and 8.1).
func pngRawSize(head []byte) (size, row int64) {
	w, h := int64(be32(head)), int64(be32(head[4:]))
	channels := int64(map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[head[9]])
	bits := channels * int64(head[8])
	rowBytes := func(w int64) int64 { return 1 + (w*bits+7)/8 }
	if head[12] == 0 {
		return h * rowBytes(w), rowBytes(w)
	}
	for _, p := range adam7 {
		pw, ph := (w-p.x0+p.dx-1)/p.dx, (h-p.y0+p.dy-1)/p.dy
		if pw > 0 && ph > 0 {
			size += ph * rowBytes(pw)
			if row == 0 {
				row = rowBytes(pw)
			}
		}
	}
	return size, row
}

// storeZlib wraps data as an uncompressed zlib stream.
func storeZlib(data []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(data) + len(data)/1000 + 64)
	z, err := zlib.NewWriterLevel(&b, zlib.NoCompression)
	if err == nil {
		_, err = z.Write(data)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil { // a buffer takes everything
		return nil
	}
	return b.Bytes()
}

// writeChunk writes one PNG chunk with its checksum.
func writeChunk(b *bytes.Buffer, kind string, body []byte) {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(body)))
	b.Write(n[:])
	b.WriteString(kind)
	b.Write(body)
	sum := crc32.Update(crc32.ChecksumIEEE([]byte(kind)), crc32.IEEETable, body)
	binary.BigEndian.PutUint32(n[:], sum)
	b.Write(n[:])
}
