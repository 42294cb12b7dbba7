package heif

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"io"
	"strconv"
	"strings"
)

// samples says how the samples of a picture are coded.
type samples struct {
	w, h, depth int
	grey        bool
	ratio       image.YCbCrSubsampleRatio // where not grey
}

func (s samples) planes() int {
	if s.grey {
		return 1
	}
	return 3
}

// plane is the size of one plane.
func (s samples) plane(i int) (w, h int) {
	if i == 0 {
		return s.w, s.h
	}
	return chroma(s.w, s.h, s.ratio)
}

// frames reads YUV4MPEG2: a line about all frames, and each after a line of its
// own, one plane after the other, deep samples in two bytes, the lower first.
type frames struct {
	r    *bufio.Reader
	want samples
	row  []byte // of deep samples
}

var errFrame = errors.New("the frames are not what the file promises")

// newFrames reads the first line and holds it against what is expected.
func newFrames(r io.Reader, want samples) (*frames, error) {
	f := &frames{r: bufio.NewReaderSize(r, 64<<10), want: want}
	line, err := f.line()
	if err != nil {
		return nil, err
	}
	words := strings.Fields(line)
	if len(words) == 0 || words[0] != "YUV4MPEG2" {
		return nil, errFrame
	}
	var got samples
	for _, w := range words[1:] {
		switch w[0] {
		case 'W':
			got.w, _ = strconv.Atoi(w[1:])
		case 'H':
			got.h, _ = strconv.Atoi(w[1:])
		case 'C':
			if err := got.colours(w[1:]); err != nil {
				return nil, err
			}
		}
	}
	if got != want {
		return nil, fmt.Errorf("%w: %+v, not %+v", errFrame, got, want)
	}
	return f, nil
}

// colours reads ffmpeg's names of layouts: "420jpeg", "422p10", "mono12".
func (s *samples) colours(name string) error {
	s.depth = 8
	for prefix, ratio := range map[string]image.YCbCrSubsampleRatio{
		"420": image.YCbCrSubsampleRatio420, "422": image.YCbCrSubsampleRatio422, "444": image.YCbCrSubsampleRatio444, "mono": 0,
	} {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		s.ratio, s.grey = ratio, prefix == "mono"
		if s.grey && rest != "" {
			rest = "p" + rest
		}
		switch rest {
		case "", "jpeg", "mpeg2", "paldv":
			return nil
		}
		depth, err := strconv.Atoi(strings.TrimPrefix(rest, "p"))
		if err != nil || depth < 9 || depth > 16 {
			break
		}
		s.depth = depth
		return nil
	}
	return fmt.Errorf("%w: %q", errFrame, name)
}

func (f *frames) line() (string, error) {
	b, err := f.r.ReadSlice('\n')
	if err != nil {
		return "", fmt.Errorf("%w: %w", errFrame, err)
	}
	return string(b[:len(b)-1]), nil
}

// begin reads the line before a frame.
func (f *frames) begin() error {
	line, err := f.line()
	if err == nil && line != "FRAME" && !strings.HasPrefix(line, "FRAME ") {
		err = errFrame
	}
	return err
}

// next reads a frame into planes of its size, of 8 bits: of deep samples the
// upper ones.
func (f *frames) next(into []layer) error {
	if err := f.begin(); err != nil {
		return err
	}
	for _, p := range into {
		if f.want.depth == 8 {
			for y := range p.h {
				if _, err := io.ReadFull(f.r, p.pix[y*p.stride:][:p.w]); err != nil {
					return fmt.Errorf("%w: %w", errFrame, err)
				}
			}
			continue
		}
		for y := range p.h {
			row, err := f.deepRow(p.w)
			if err != nil {
				return err
			}
			shift := f.want.depth - 8
			for x := range p.w {
				p.pix[y*p.stride+x] = uint8((uint16(row[2*x]) | uint16(row[2*x+1])<<8) >> shift)
			}
		}
	}
	return nil
}

// deepRow reads n samples of two bytes; good until the next call.
func (f *frames) deepRow(n int) ([]byte, error) {
	if cap(f.row) < 2*n {
		f.row = make([]byte, 2*n)
	}
	if _, err := io.ReadFull(f.r, f.row[:2*n]); err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	return f.row[:2*n], nil
}

// end sees that there is no other frame.
func (f *frames) end() error {
	if _, err := f.r.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: more than were asked for", errFrame)
	}
	return nil
}
