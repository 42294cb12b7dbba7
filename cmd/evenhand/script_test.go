//go:build unix

package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/image/bmp"

	"github.com/evenhand/evenhand/samples/forge"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"evenhand": main})
}

// TestScripts runs testdata/*.txtar: whole calls of the binary on real files.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("LANG", "C")
			env.Setenv("LC_ALL", "")
			env.Setenv("LC_MESSAGES", "")
			return nil
		},
		Condition: func(cond string) (bool, error) { return cond == "root" && os.Geteuid() == 0, nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"picture": drawPicture, "forgery": forgePicture, "sparse": sparseFile,
			"bomb": bombPicture, "cut": cutFile, "fifo": makeFIFO,
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// drawPicture is "picture NAME WIDTH HEIGHT SEED": cloudy texture, or plain
// white with the seed 0. BMP and PNG by the name's ending, else JPEG.
func drawPicture(ts *testscript.TestScript, _ bool, args []string) {
	width, height, seed := number(ts, args[1]), number(ts, args[2]), number(ts, args[3])
	save(ts, args[0], textured(width, height, uint64(seed)))
}

// textured is a sum of waves and grain: enough corners to compare, and the
// same on every machine.
func textured(width, height int, seed uint64) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(seed, 1))
	type wave struct{ x, y, phase, size float64 }
	waves := make([]wave, 10)
	for i := range waves {
		length := math.Pow(2, 2+6*random.Float64()) // 4 to 256 pixels
		angle := 2 * math.Pi * random.Float64()
		waves[i] = wave{math.Cos(angle) * 6.283 / length, math.Sin(angle) * 6.283 / length, 6.283 * random.Float64(), 24}
	}
	for y := range height {
		for x := range width {
			v := 128 + 12*random.NormFloat64()
			for _, w := range waves {
				v += w.size * math.Sin(w.x*float64(x)+w.y*float64(y)+w.phase)
			}
			if seed == 0 {
				v = 255
			}
			g := uint8(min(255, max(0, v)))
			m.SetRGBA(x, y, color.RGBA{g, g / 2 * 2, 255 - g/3, 255})
			if seed == 0 {
				m.SetRGBA(x, y, color.RGBA{255, 255, 255, 255})
			}
		}
	}
	return m
}

func save(ts *testscript.TestScript, name string, m image.Image) {
	var b bytes.Buffer
	var err error
	switch {
	case strings.HasSuffix(name, ".bmp"):
		err = bmp.Encode(&b, m)
	case strings.HasSuffix(name, ".png"):
		err = png.Encode(&b, m)
	default:
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 90})
	}
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(name), b.Bytes(), 0o644))
}

// forgePicture is "forgery FROM TO": FROM with damage painted on it, cropped
// by its outermost sixteenths and compressed again.
func forgePicture(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	m, _, err := image.Decode(f)
	ts.Check(err)
	whole := image.NewRGBA(m.Bounds())
	draw.Draw(whole, whole.Rect, m, m.Bounds().Min, draw.Src)
	painted, _ := forge.Paint(whole, forge.Hole, rand.New(rand.NewPCG(7, 7)))
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	save(ts, args[1], painted.SubImage(image.Rect(w/16, h/16, w-w/16, h-h/16)))
}

// makeFIFO is "fifo NAME": a pipe that nobody writes to.
func makeFIFO(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(syscall.Mkfifo(ts.MkAbs(args[0]), 0o644))
}

// sparseFile is "sparse NAME BYTES": a file of zeros that takes no disk.
func sparseFile(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	ts.Check(os.WriteFile(name, nil, 0o644))
	ts.Check(os.Truncate(name, int64(number(ts, args[1]))))
}

// bombPicture is "bomb NAME WIDTH HEIGHT": a PNG that declares that size and
// holds next to nothing.
func bombPicture(ts *testscript.TestScript, _ bool, args []string) {
	header := make([]byte, 13)
	binary.BigEndian.PutUint32(header, uint32(number(ts, args[1])))
	binary.BigEndian.PutUint32(header[4:], uint32(number(ts, args[2])))
	header[8], header[9] = 8, 2 // eight bits, RGB
	b := bytes.NewBufferString("\x89PNG\r\n\x1a\n")
	for _, chunk := range []struct {
		kind string
		data []byte
	}{{"IHDR", header}, {"IDAT", []byte("\x78\x9c\x03\x00\x00\x00\x00\x01")}, {"IEND", nil}} {
		body := append([]byte(chunk.kind), chunk.data...)
		ts.Check(binary.Write(b, binary.BigEndian, uint32(len(chunk.data))))
		b.Write(body)
		ts.Check(binary.Write(b, binary.BigEndian, crc32.ChecksumIEEE(body)))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o644))
}

// cutFile is "cut FROM TO BYTES": the first bytes of a file.
func cutFile(ts *testscript.TestScript, _ bool, args []string) {
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data[:min(len(data), number(ts, args[2]))], 0o644))
}

func number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}
