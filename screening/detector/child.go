package detector

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"strings"

	"github.com/evenhand/evenhand/screening/detector/onnx"
	"github.com/evenhand/evenhand/text"
)

// The process with the network and ours speak over two pipes. We send an opening
// as a line of JSON and the ONNX file, then for each picture so many 32-bit
// floats, little-endian. It answers each with a line of JSON. It is a stranger:
// what it says is bounded and checked like a stranger's file.

// opening is what the process is told first.
type opening struct {
	Bytes  int64  `json:"bytes"` // of the file that follows
	Memory int64  `json:"memory"`
	Shape  []int  `json:"shape"`
	Output string `json:"output"`
}

// reply is its answer: numbers, or why there are none.
type reply struct {
	Error  *text.Text `json:"error,omitempty"`
	Values []float64  `json:"values,omitempty"`
	About  *About     `json:"about,omitempty"` // to the opening
}

// About is what a network was found to be.
type About struct {
	Weights   int64          `json:"weights"`
	Operators map[string]int `json:"operators"`
	Output    string         `json:"output"`
}

// maxValues bounds how many numbers an answer may have, maxReply its bytes.
const (
	maxValues = 100_000
	maxReply  = 4 << 20
)

// Serve is the process's side: it reads a network, then pictures, until in
// ends. It opens no file and no socket.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	from, to := bufio.NewReaderSize(in, 1<<16), json.NewEncoder(out)
	line, err := readLine(from, 1<<16)
	if err != nil {
		return err
	}
	var told opening
	if err := json.Unmarshal(line, &told); err != nil || told.Bytes < 0 || told.Bytes > maxModel {
		return errors.New("it is started by evenhand, not by hand")
	}
	debug.SetMemoryLimit(told.Memory)
	// Read bit by bit: what was announced may never come.
	data, err := io.ReadAll(io.LimitReader(from, told.Bytes))
	if err != nil {
		return err
	}
	model, name, err := open(data, told)
	if err != nil {
		return to.Encode(reply{Error: textOf(err)})
	}
	data = nil
	if err := to.Encode(reply{About: &About{model.Weights(), model.Operators(), name}}); err != nil {
		return err
	}
	n := 1
	for _, d := range told.Shape {
		n *= d
	}
	raw, numbers := make([]byte, 4*n), make([]float32, n)
	for {
		if _, err := io.ReadFull(from, raw); err != nil {
			if errors.Is(err, io.EOF) {
				return nil // nothing more is asked
			}
			return err
		}
		for k := range numbers {
			numbers[k] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*k:]))
		}
		if err := to.Encode(answerTo(ctx, model, name, numbers, told.Shape)); err != nil {
			return err
		}
	}
}

// open reads the network and finds the output that is asked for.
func open(data []byte, told opening) (*onnx.Model, string, error) {
	model, err := onnx.Read(data, onnx.Limits{Memory: told.Memory})
	if err != nil {
		return nil, "", err
	}
	outputs := model.Outputs()
	if told.Output == "" && len(outputs) == 1 {
		return model, outputs[0].Name, nil
	}
	var names []string
	for _, o := range outputs {
		if o.Name == told.Output {
			return model, o.Name, nil
		}
		if len(names) < 10 {
			names = append(names, fmt.Sprintf("%.60q", o.Name))
		}
	}
	list := strings.Join(names, ", ")
	if len(outputs) > len(names) {
		list += ", …"
	}
	return nil, "", problem("", "output.name is %q; the model has %d outputs: %s", "output.name 为 %q，模型有 %d 个输出：%s", told.Output, len(outputs), list)
}

func answerTo(ctx context.Context, model *onnx.Model, name string, numbers []float32, shape []int) reply {
	answer, err := model.Run(ctx, numbers, shape)
	if err != nil {
		return reply{Error: textOf(err)}
	}
	out := reply{Values: []float64{}}
	for _, v := range answer.Outputs[name] {
		if w := float64(v); math.IsNaN(w) || math.IsInf(w, 0) {
			return reply{Error: &text.Text{EN: "its answer is no number", ZH: "其输出不是有效的数值"}}
		}
		if len(out.Values) == maxValues {
			return reply{Error: &text.Text{EN: "its answer has too many numbers", ZH: "其输出的数值过多"}}
		}
		out.Values = append(out.Values, float64(v))
	}
	return out
}

// textOf words an error in both languages.
func textOf(err error) *text.Text {
	var model *onnx.Error
	if errors.As(err, &model) {
		return &model.Text
	}
	var own *Error
	if errors.As(err, &own) {
		return &own.Text
	}
	reason := text.Reason(err)
	return &reason
}

// readLine reads a line of at most so many bytes.
func readLine(from *bufio.Reader, most int) ([]byte, error) {
	var out []byte
	for {
		part, err := from.ReadSlice('\n')
		if len(out)+len(part) > most {
			return nil, errors.New("a line is too long")
		}
		out = append(out, part...)
		if err == nil {
			return out, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if len(out) > 0 && errors.Is(err, io.EOF) {
				return nil, io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
}
