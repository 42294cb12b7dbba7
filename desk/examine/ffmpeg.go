package examine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// Bounds of one look at a video.
const (
	maxFrames   = 12
	frameSide   = 1920             // pixels of a frame's longer side
	frameTime   = 60 * time.Second // of ffmpeg's work, by the clock and by the processor
	framePixels = 40_000_000       // of a frame as coded
	saidBytes   = 256 << 10        // of ffmpeg's own words
	fewestWait  = 0.5              // seconds between two frames that are looked at
)

// frame is one key frame as a file.
type frame struct {
	file   string
	second float64
}

var (
	durationSaid = regexp.MustCompile(`Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)`)
	timeSaid     = regexp.MustCompile(`Parsed_showinfo.* pts_time:\s*(-?\d+(?:\.\d+)?)`)
)

// keyFrames writes at most maxFrames key frames of dir/video, spread over its
// length, to dir. ffmpeg is let read that one file with that one demuxer: a
// playlist that names other files or addresses is not a video here.
func (x *Examiner) keyFrames(ctx context.Context, dir string, kind container) ([]frame, error) {
	ctx, cancel := context.WithTimeout(ctx, frameTime)
	defer cancel()
	input := []string{
		"-hide_banner", "-nostdin", "-protocol_whitelist", "file", "-threads", "1", "-max_alloc", "536870912",
		"-max_pixels", strconv.Itoa(framePixels), "-f", string(kind),
	}
	// Without an output ffmpeg says how long the film is, and fails.
	said, _ := x.runFFmpeg(ctx, dir, append(input, "-i", "file:video")...)
	step := 5.0
	if length, ok := duration(said); ok {
		step = max(fewestWait, length/maxFrames)
	}
	pick := fmt.Sprintf("select='isnan(prev_selected_t)+gte(t-prev_selected_t,%.3f)',scale=w='if(gte(iw,ih),min(%d,iw),-2)':h='if(gte(iw,ih),-2,min(%d,ih))',showinfo", step, frameSide, frameSide)
	args := append(input, "-timelimit", strconv.Itoa(int(frameTime/time.Second)), "-skip_frame", "nokey", "-i", "file:video",
		"-map", "0:v:0", "-an", "-sn", "-dn", "-vf", pick, "-frames:v", strconv.Itoa(maxFrames), "-vsync", "vfr",
		"-threads", "1", "-f", "image2", "-c:v", "png", "file:frame-%03d.png")
	said, err := x.runFFmpeg(ctx, dir, args...)
	files, globErr := filepath.Glob(filepath.Join(dir, "frame-*.png"))
	if globErr != nil {
		return nil, globErr
	}
	if len(files) == 0 {
		return nil, errors.Join(errors.New("no frame came out"), err)
	}
	times := timeSaid.FindAllSubmatch(said, -1)
	out := make([]frame, 0, len(files))
	for i, file := range files[:min(len(files), maxFrames)] {
		f := frame{file: file, second: float64(i) * step}
		if i < len(times) {
			f.second, _ = strconv.ParseFloat(string(times[i][1]), 64)
		}
		out = append(out, f)
	}
	return out, nil
}

// duration reads a film's length in seconds out of ffmpeg's words.
func duration(said []byte) (float64, bool) {
	m := durationSaid.FindSubmatch(said)
	if m == nil {
		return 0, false
	}
	h, _ := strconv.Atoi(string(m[1]))
	min, _ := strconv.Atoi(string(m[2]))
	s, _ := strconv.ParseFloat(string(m[3]), 64)
	return float64(h*3600+min*60) + s, true
}

// runFFmpeg runs ffmpeg in dir, in the sandbox where there is one, and answers
// the end of what it said. When ctx ends it is killed with everything that it
// started.
func (x *Examiner) runFFmpeg(ctx context.Context, dir string, args ...string) ([]byte, error) {
	said := &tail{limit: saidBytes}
	var cmd *exec.Cmd
	run := func() error { return cmd.Run() }
	if x.opts.Sandbox != nil {
		run = func() error { return x.opts.Sandbox.Run(cmd) }
		var err error
		if cmd, err = x.opts.Sandbox.Command(ctx, dir, x.ffmpeg, args...); err != nil {
			return nil, fmt.Errorf("ffmpeg: %w", err)
		}
	} else {
		cmd = exec.CommandContext(ctx, x.ffmpeg, args...)
		cmd.Dir, cmd.Env = dir, []string{"LC_ALL=C", "HOME=" + dir}
		cmd.WaitDelay = 2 * time.Second
		ownGroup(cmd)
	}
	cmd.Stderr = said
	if err := run(); err != nil {
		last := bytes.TrimSpace(said.data)
		if at := bytes.LastIndexByte(last, '\n'); at >= 0 {
			last = last[at+1:]
		}
		return said.data, fmt.Errorf("ffmpeg: %w: %.200s", err, last)
	}
	return said.data, nil
}

// tail keeps the last bytes written to it.
type tail struct {
	limit int
	data  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.data = append(t.data, p...)
	if over := len(t.data) - t.limit; over > 0 {
		t.data = append(t.data[:0], t.data[over:]...)
	}
	return len(p), nil
}
