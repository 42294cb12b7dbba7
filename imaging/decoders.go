package imaging

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/gif"
	stdjpeg "image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	xtiff "golang.org/x/image/tiff"
)

// decoder decodes one whole file whose header has passed the limits.
type decoder func(ctx context.Context, h header, data []byte, lim Limits) (decoded, error)

var decoders = map[format]decoder{
	formatJPEG: decodeJPEG,
	formatPNG:  decodePNG,
	formatGIF:  decodeGIF,
	formatWebP: decodeWebP,
	formatBMP:  plain(bmp.Decode),
	formatTIFF: plain(xtiff.Decode),
	formatHEIC: decodeHEIC,
	formatAVIF: decodeAVIF,
}

// interruptible is a reader over data that fails once ctx has ended, so that
// decoders that read as they go stop soon after.
type interruptible struct {
	ctx context.Context
	*bytes.Reader
}

func newReader(ctx context.Context, data []byte) interruptible {
	return interruptible{ctx, bytes.NewReader(data)}
}

// Read is bytes.Reader's, in pieces small enough that ctx is looked at often.
func (r interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p[:min(len(p), 64<<10)])
}

// ReadAt serves the TIFF decoder, which reads a strip at a time.
func (r interruptible) ReadAt(p []byte, at int64) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.ReadAt(p, at)
}

// plain wraps a decoder that needs no care beyond its errors' names.
func plain(decode func(io.Reader) (image.Image, error)) decoder {
	return func(ctx context.Context, _ header, data []byte, _ Limits) (decoded, error) {
		m, err := decode(newReader(ctx, data))
		if err != nil {
			return decoded{}, unsupportedOr(err)
		}
		return decoded{pixels: m}, nil
	}
}

// unsupportedOr tells a variant that a decoder does not take from damage.
func unsupportedOr(err error) error {
	var t xtiff.UnsupportedError
	var j stdjpeg.UnsupportedError
	var p png.UnsupportedError
	if errors.Is(err, bmp.ErrUnsupported) || errors.As(err, &t) || errors.As(err, &j) || errors.As(err, &p) {
		return &Error{Code: Unsupported, Detail: err.Error(), Cause: err}
	}
	return err
}

// decodeGIF decodes the first frame and lays it on the canvas; what it leaves
// uncovered is transparent.
func decodeGIF(ctx context.Context, h header, data []byte, _ Limits) (decoded, error) {
	m, err := gif.Decode(newReader(ctx, data))
	if err != nil {
		return decoded{}, err
	}
	canvas := image.Rect(0, 0, int(h.width), int(h.height))
	frame, ok := m.(*image.Paletted)
	if !ok || frame.Rect == canvas || canvas.Empty() {
		return decoded{pixels: m}, nil
	}
	return decoded{pixels: onCanvas(frame, canvas)}, nil
}

// onCanvas copies the frame's indices onto a canvas filled with a transparent
// palette entry, added where the frame has none and room is left for it.
func onCanvas(frame *image.Paletted, canvas image.Rectangle) image.Image {
	palette := frame.Palette
	clearIndex := -1
	for i, c := range palette {
		if _, _, _, a := c.RGBA(); a == 0 {
			clearIndex = i
			break
		}
	}
	if clearIndex < 0 && len(palette) < 256 {
		clearIndex = len(palette)
		palette = append(append(color.Palette{}, palette...), color.Transparent)
	}
	out := image.NewPaletted(canvas, palette)
	if clearIndex < 0 { // a full opaque palette: its lightest entry stands in
		clearIndex = palette.Index(color.White)
	}
	for i := range out.Pix {
		out.Pix[i] = uint8(clearIndex)
	}
	within := frame.Rect.Intersect(canvas)
	for y := within.Min.Y; y < within.Max.Y; y++ {
		copy(out.Pix[out.PixOffset(within.Min.X, y):][:within.Dx()], frame.Pix[frame.PixOffset(within.Min.X, y):])
	}
	return out
}
