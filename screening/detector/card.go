// Package detector asks learned detectors that an operator brings: a network in
// an ONNX file, with a card that says what it takes and what its answer means,
// and a calibration that says how often it was wrong on this operator's own
// pictures. None is shipped.
//
// The network is computed by package onnx in a process of its own, which is
// given numbers and never a file. What it says is worth what was measured: at
// most weak until 1,000 honest pictures were, never conclusive, and nothing at
// all without a calibration.
package detector

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// CardSchema names the shape of Card.
const CardSchema = "evenhand.detector/1"

// Card declares a detector. Unknown fields are refused, for a slip would
// otherwise change silently what the network sees.
type Card struct {
	Schema string `json:"schema"`
	// Name is the end of the finding's code: detector.<name>.
	Name    string `json:"name"`
	Version string `json:"version"`
	// Model is the ONNX file, from the card's folder; SHA256 is its digest.
	Model  string `json:"model"`
	SHA256 string `json:"sha256"`
	// Source and Licence are for people.
	Source  string `json:"source,omitempty"`
	Licence string `json:"licence,omitempty"`
	Input   Input  `json:"input"`
	Output  Output `json:"output"`
	// Seconds and Memory (in MB) bound one answer: 60 and 1024 where left out.
	Seconds int `json:"seconds,omitempty"`
	Memory  int `json:"memory,omitempty"`
	// Calibration is the file that "evenhand eval --detector" writes, from the
	// card's folder.
	Calibration string `json:"calibration,omitempty"`

	file string
}

// Input is what the network takes: width x height x 3 numbers, each
// (byte·scale - mean) / deviation.
type Input struct {
	Width  int `json:"width"`
	Height int `json:"height"`
	// Layout is nchw (the usual) or nhwc, Colours rgb or bgr.
	Layout  string `json:"layout"`
	Colours string `json:"colours"`
	// Fit is how a picture becomes so large: stretch, or crop (scaled until it
	// covers, the middle taken), or centre (the middle pixels as they are).
	Fit string `json:"fit"`
	// Scale is 1/255 where left out; Mean and Deviation are a number a channel in
	// the order of Colours, 0 and 1 where left out.
	Scale     float64   `json:"scale,omitempty"`
	Mean      []float64 `json:"mean,omitempty"`
	Deviation []float64 `json:"deviation,omitempty"`
}

// Output is which number is the answer.
type Output struct {
	// Name is the graph's output, "" where it has one; Index the number in it.
	Name  string `json:"name,omitempty"`
	Index int    `json:"index"`
	// Function is applied first: none, sigmoid or softmax.
	Function string `json:"function"`
	// High is what a high number means: edited or honest.
	High string `json:"high"`
}

// Error says what is wrong with a file, or why there is no answer.
type Error struct {
	File string
	Text text.Text
}

func (e *Error) Error() string { return e.File + ": " + e.Text.EN }

// Words tells the error to people, with the file that it is about.
func (e *Error) Words() text.Text {
	if e.File == "" {
		return e.Text
	}
	name := filepath.Base(e.File)
	return text.Text{EN: name + ": " + e.Text.EN, ZH: name + "：" + e.Text.ZH}
}

func problem(file, en, zh string, args ...any) error {
	return &Error{file, text.Text{EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...)}}
}

// maxCard bounds, in bytes, what is read of a card; maxModel of a network.
const (
	maxCard  = 1 << 20
	maxModel = 1 << 30
)

// ReadCard reads a card and checks it.
func ReadCard(name string) (*Card, error) {
	data, err := readBounded(context.Background(), name, maxCard)
	if err != nil {
		return nil, err
	}
	return parseCard(name, data)
}

func parseCard(name string, data []byte) (*Card, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	c := &Card{file: name}
	err := decoder.Decode(c)
	if err == nil && decoder.More() {
		return nil, problem(name, "something follows the card's last bracket", "说明文件的最后一个括号之后还有内容")
	}
	if err != nil {
		what := short(strings.TrimPrefix(err.Error(), "json: "))
		zh := "JSON 有误（" + what + "）"
		if field, ok := strings.CutPrefix(what, "unknown field "); ok {
			zh = "有不认得的字段 " + field
		}
		return nil, &Error{name, text.Text{EN: "this is no detector's card: " + what, ZH: "这不是检测器说明文件：" + zh}}
	}
	if c.Schema != CardSchema {
		return nil, problem(name, "schema is %q; it should be %q", "schema 为 %q，应为 %q", c.Schema, CardSchema)
	}
	return c, c.check()
}

// readBounded reads a file of at most so many bytes, until ctx ends.
func readBounded(ctx context.Context, name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		reason := text.Reason(err)
		return nil, &Error{name, text.Text{EN: "it cannot be read: " + reason.EN, ZH: "无法读取：" + reason.ZH}}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(until{ctx, f}, most+1))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		reason := text.Reason(err)
		return nil, &Error{name, text.Text{EN: "it cannot be read: " + reason.EN, ZH: "无法读取：" + reason.ZH}}
	case int64(len(data)) > most:
		return nil, problem(name, "it is larger than %d MB", "文件超过 %d MB", most>>20)
	}
	return data, nil
}

// until reads from a reader while nobody stopped waiting.
type until struct {
	ctx context.Context
	io.Reader
}

func (u until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.Reader.Read(p)
}

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// maxSide bounds an input's sides, in pixels.
const maxSide = 4096

// check says what is not as it should be, and fills in what may be left out.
func (c *Card) check() error {
	in, out := &c.Input, &c.Output
	oneOf := func(field, value string, words ...string) error {
		for _, w := range words {
			if value == w {
				return nil
			}
		}
		return problem(c.file, "%s is %q; it should be one of %q", "%s 为 %q，应为 %q 之一", field, value, words)
	}
	if !validName.MatchString(c.Name) {
		return problem(c.file, "name is %q; it should be small letters, digits and _, such as edit_net", "name 为 %q，应由小写字母、数字和 _ 组成，如 edit_net", c.Name)
	}
	if c.Version == "" || len(c.Version) > 60 || c.Model == "" {
		return problem(c.file, "version (up to 60 bytes) and model are needed", "需要写明 version（至多 60 字节）和 model")
	}
	c.SHA256 = strings.ToLower(c.SHA256)
	if sum, err := hex.DecodeString(c.SHA256); err != nil || len(sum) != sha256.Size {
		return problem(c.file, "sha256 is %q; it should be the model's digest, 64 digits of 0-9 and a-f", "sha256 为 %q，应为模型文件的摘要，由 64 位 0-9、a-f 组成", short(c.SHA256))
	}
	if min(in.Width, in.Height) < 1 || max(in.Width, in.Height) > maxSide {
		return problem(c.file, "input is %d x %d; each side should be 1 to %d", "输入为 %d × %d，每边应在 1 到 %d 之间", in.Width, in.Height, maxSide)
	}
	if err := errors.Join(oneOf("layout", in.Layout, "nchw", "nhwc"), oneOf("colours", in.Colours, "rgb", "bgr"),
		oneOf("fit", in.Fit, "stretch", "crop", "centre"), oneOf("function", out.Function, "none", "sigmoid", "softmax"),
		oneOf("high", out.High, "edited", "honest")); err != nil {
		return first(err)
	}
	if in.Scale == 0 {
		in.Scale = 1.0 / 255
	}
	if in.Mean == nil {
		in.Mean = []float64{0, 0, 0}
	}
	if in.Deviation == nil {
		in.Deviation = []float64{1, 1, 1}
	}
	if len(in.Mean) != 3 || len(in.Deviation) != 3 || in.Deviation[0]*in.Deviation[1]*in.Deviation[2] == 0 {
		return problem(c.file, "mean and deviation are three numbers each, none of the latter nought", "mean 和 deviation 各为三个数，后者不能为零")
	}
	if c.Seconds == 0 {
		c.Seconds = 60
	}
	if c.Memory == 0 {
		c.Memory = 1024
	}
	if c.Seconds < 1 || c.Seconds > 600 || c.Memory < 16 || c.Memory > 16384 || out.Index < 0 || out.Index >= maxValues {
		return problem(c.file, "seconds should be 1 to 600, memory 16 to 16384 (MB), index 0 to %d", "seconds 应为 1 到 600，memory 为 16 到 16384（MB），index 为 0 到 %d", maxValues-1)
	}
	return nil
}

// first is the first of joined errors.
func first(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok && len(joined.Unwrap()) > 0 {
		return joined.Unwrap()[0]
	}
	return err
}

// File is where the card was read from.
func (c *Card) File() string { return c.file }

// Code is that of the detector's findings.
func (c *Card) Code() evidence.Code { return evidence.Code("detector." + c.Name) }

// beside is a file that the card names, from the card's folder.
func (c *Card) beside(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(c.file), name)
}

// CalibrationFile is where the calibration is, or is to be written.
func (c *Card) CalibrationFile() string {
	if c.Calibration != "" {
		return c.beside(c.Calibration)
	}
	return c.beside(c.Name + ".calibration.json")
}

// engine is the version of our own reading of pictures and computing of networks.
// It rises when the same network can answer otherwise about the same picture.
const engine = 2

// Settings is the digest of all that decides a score, our own part in it too: a
// calibration of other settings says nothing of these.
func (c *Card) Settings() string {
	data, err := json.Marshal(struct {
		Engine                int
		Name, Version, SHA256 string
		Input                 Input
		Output                Output
	}{engine, c.Name, c.Version, c.SHA256, c.Input, c.Output})
	if err != nil {
		return "" // strings and numbers always can
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// model reads the network, and holds it against its digest.
func (c *Card) model(ctx context.Context) ([]byte, error) {
	name := c.beside(c.Model)
	data, err := readBounded(ctx, name, maxModel)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != c.SHA256 {
		return nil, problem(name, "its SHA-256 is %x, not the card's", "其 SHA-256 为 %x，与说明文件不符", sum)
	}
	return data, nil
}
