package film

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func atom(kind string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), kind...), body...)
}

func words(v ...uint32) (out []byte) {
	for _, n := range v {
		out = binary.BigEndian.AppendUint32(out, n)
	}
	return out
}

// tkhd is a track header of 640 by 480 with a matrix's first two rows.
func tkhd(a, b uint32) []byte {
	head := make([]byte, 40)
	matrix := words(a, b, 0, 0, a, 0, 0, 0, 1<<30)
	return atom("tkhd", head, matrix, words(640<<16, 480<<16))
}

// movie is a film of 10 s at 10 pictures a second by a clock of 1000.
func movie(track ...[]byte) []byte {
	mvhd := atom("mvhd", words(0, 0, 0, 600, 6000))
	return slices.Concat(atom("ftyp", []byte("isomiso2")), atom("mdat", make([]byte, 100)), atom("moov", mvhd, atom("trak", track...)))
}

func media(kind string, tables ...[]byte) []byte {
	return atom("mdia", atom("mdhd", words(0, 0, 0, 1000, 10000)), atom("hdlr", words(0, 0), []byte(kind)), atom("minf", atom("stbl", tables...)))
}

func read(t *testing.T, data []byte) Film {
	t.Helper()
	f, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestKeyFrames(t *testing.T) {
	stts := atom("stts", words(0, 2, 50, 100, 50, 100))
	stss := atom("stss", words(0, 3, 1, 26, 76))
	ctts := atom("ctts", words(0, 2, 30, 200, 70, 300))
	skip := atom("edts", atom("elst", words(0, 2, 300, 0xffffffff, 1<<16, 6000, 200, 1<<16))) // half a second late, 0.2 s skipped
	tests := []struct {
		name  string
		track [][]byte
		want  Film
	}{
		{"listed", [][]byte{tkhd(1<<16, 0), media("vide", stts, stss)}, Film{640, 480, 10, []float64{0, 2.5, 7.5}}},
		{"shown later than decoded, edited", [][]byte{tkhd(1<<16, 0), skip, media("vide", stts, stss, ctts)}, Film{640, 480, 10, []float64{0.5, 3, 8.1}}},
		{"a quarter turn", [][]byte{tkhd(0, 1<<16), media("vide", stts, stss)}, Film{480, 640, 10, []float64{0, 2.5, 7.5}}},
		{"sound alone", [][]byte{tkhd(1<<16, 0), media("soun", stts, stss)}, Film{Duration: 10}},
		{"fragmented: no tables", [][]byte{tkhd(1<<16, 0), media("vide", atom("stts", words(0, 0)), atom("stss", words(0, 0)))}, Film{640, 480, 10, nil}},
		{"key numbers beyond the film and falling", [][]byte{tkhd(1<<16, 0), media("vide", stts, atom("stss", words(0, 4, 11, 5, 0, 4000)))}, Film{640, 480, 10, []float64{1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read(t, movie(tt.track...))
			if got.Width != tt.want.Width || got.Height != tt.want.Height || got.Duration != tt.want.Duration || !slices.Equal(got.Frames, tt.want.Frames) {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
	every := read(t, movie(tkhd(1<<16, 0), media("vide", atom("stts", words(0, 1, 1000, 10)))))
	if n := len(every.Frames); n != maxFrames || every.Frames[0] != 0 || every.Frames[n-1] != 9.95 {
		t.Errorf("where each picture is a key: %d, %v to %v", n, every.Frames[0], every.Frames[n-1])
	}
}

func TestNoMovie(t *testing.T) {
	whole := movie(tkhd(1<<16, 0))
	for name, data := range map[string][]byte{
		"empty": nil, "words": []byte("just some words, no film"), "cut off": whole[:len(whole)-50],
		"beyond its end": append(words(0xffffffff), "moov"...), "loops": bytes.Repeat(words(0, 0), 4),
	} {
		if f, err := Read(bytes.NewReader(data), int64(len(data))); !errors.Is(err, ErrNoMovie) {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

// TestAgainstFFmpeg reads a film that somebody else wrote.
func TestAgainstFFmpeg(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not installed: the film written by hand is tested alone")
	}
	name := filepath.Join(t.TempDir(), "x.mp4")
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=6", "-c:v", "mpeg4", "-bf", "2", "-g", "50", "-sc_threshold", "1000000000", name).CombinedOutput()
	if err != nil {
		t.Skipf("ffmpeg cannot write a film here: %v %s", err, out)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f := read(t, data)
	if f.Width != 320 || f.Height != 240 || f.Duration < 5.9 || f.Duration > 6.1 || len(f.Frames) < 3 {
		t.Fatalf("%+v", f)
	}
	out, err = exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-select_streams", "v", "-skip_frame", "nokey", "-show_entries", "frame=pts_time", "-of", "csv=p=0", name).Output()
	if err != nil {
		t.Skipf("ffprobe does not answer: %v", err)
	}
	var want []float64
	for line := range strings.FieldsSeq(string(out)) {
		at, err := strconv.ParseFloat(strings.Trim(line, ","), 64)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, math.Round(at*1000)/1000)
	}
	if !slices.Equal(f.Frames, want) {
		t.Errorf("key frames at %v, ffprobe says %v", f.Frames, want)
	}
}

func FuzzRead(f *testing.F) {
	stts := atom("stts", words(0, 2, 50, 100, 50, 100))
	f.Add(movie(tkhd(1<<16, 0), media("vide", stts, atom("stss", words(0, 3, 1, 26, 76)))))
	f.Add(movie(tkhd(0, 1<<16), atom("edts", atom("elst", words(0, 1, 300, 0, 1<<16))), media("vide", stts)))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil && !errors.Is(err, ErrNoMovie) {
			t.Fatal(err)
		}
		if len(got.Frames) > maxFrames || !slices.IsSorted(got.Frames) {
			t.Fatalf("%v", got.Frames)
		}
	})
}
