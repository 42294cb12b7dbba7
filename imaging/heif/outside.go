package heif

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"time"
)

// Job is what a Runner is asked to do.
type Job struct {
	Args   []string // of ffmpeg
	Input  [][]byte // what it reads from its standard input, in order
	Memory int64    // what it may hold, the program itself included, in bytes
}

// Runner runs ffmpeg once, somewhere where it can do no harm, and hands what it
// writes to its standard output to read, to the end. It succeeds only where
// read does, the program ends with success, and it complained of nothing. When
// ctx ends it is killed.
type Runner func(ctx context.Context, job Job, read func(io.Reader) error) error

// ErrOutside says that the program outside did not decode a picture, or not
// beyond doubt. It says nothing about the picture: that is for the sandbox.
var ErrOutside = errors.New("the program outside did not decode it")

// outside is a program that decodes natively.
type outside struct {
	run       Runner
	places    chan struct{} // one for each program that runs
	hevc, av1 bool          // what it decodes
}

// outsideNow is the process's; nil without.
var outsideNow atomic.Pointer[outside]

// SetRunner lets ffmpeg decode what is large in HEVC, and in AV1 of more than 8
// bits, from now on, each if it gives the right samples of a small picture, and
// says whether it does. H.265 and AV1 say what every sample of a sound picture
// is, so who decodes changes no answer. nil puts the sandbox in charge of
// everything again.
func SetRunner(ctx context.Context, run Runner) (hevc, av1 bool) {
	outsideNow.Store(nil)
	if run == nil {
		return false, false
	}
	o := &outside{run: run, places: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)))}
	o.hevc, o.av1 = o.knowsHEVC(ctx), o.knowsAV1(ctx)
	if o.hevc || o.av1 {
		outsideNow.Store(o)
	}
	return o.hevc, o.av1
}

// start runs the program once there is a place for it. It gets half of the time
// that ctx leaves, so that the sandbox has the rest.
func (o *outside) start(ctx context.Context, job Job, read func(io.Reader) error) error {
	if err := ctx.Err(); err != nil { // select would choose at random
		return err
	}
	select {
	case o.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-o.places }()
	within := ctx
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, time.Until(end)/2)
		defer cancel()
	}
	if err := o.run(within, job, read); err != nil {
		if cause := ctx.Err(); cause != nil {
			return cause
		}
		return fmt.Errorf("%w: %w", ErrOutside, err)
	}
	return nil
}

// What ffmpeg needs for itself, and at most for a pixel, in bytes: the program
// and its libraries held 57 MB, a picture of 12 megapixels 3 bytes a pixel.
const (
	outsideSelf  = 64 << 20
	outsidePixel = 4
)

// decoding asks for nothing but the frames of a stream as they are decoded: one
// demuxer, one decoder, one thread, no conversion of any kind, none dropped
// and none repeated, and no frame after a mistake. YUV4MPEG2 says at its head
// what the samples are, and is written out of the decoder's own memory.
func decoding(input ...string) []string {
	out := []string{
		"-hide_banner", "-nostdin", "-v", "error", "-xerror", "-noauto_conversion_filters", "-protocol_whitelist", "pipe",
		"-err_detect", "crccheck+explode", "-threads", "1", "-nofind_stream_info",
	}
	out = append(out, input...)
	return append(out, "-i", "pipe:0",
		"-map", "0:0", "-noautoscale", "-vsync", "passthrough", "-threads", "1", "-f", "yuv4mpegpipe", "-strict", "-1", "pipe:1")
}

// What reads and decodes each kind. The parser of AV1's units is left out: it
// complains of a stream's end.
var (
	hevcDecoder = []string{"-f", "hevc", "-c:v", "hevc"}
	av1Decoder  = []string{"-fflags", "noparse", "-f", "obu", "-c:v", "libdav1d"}
)
