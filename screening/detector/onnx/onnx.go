// Package onnx reads ONNX files and computes with them: the operators that
// convolutional and attention networks for pictures are made of, on 32-bit
// floats and whole numbers, in plain Go. It is made for files that come from
// elsewhere: everything is bounded before it is spent, what it does not know it
// refuses, and a file can name no other file and run nothing.
//
// Operators follow the ONNX operator specification, opsets 7 to 22. There are
// no loops, branches, functions, sequences, strings or quantised numbers.
package onnx

import (
	"fmt"

	"github.com/evenhand/evenhand/text"
)

// Limits bound what a model may take; zero fields stand for the defaults.
type Limits struct {
	Bytes   int64 // of the file
	Memory  int64 // of all tensors at one time, in bytes, weights among them
	Work    int64 // multiplications and the like, one run
	Nodes   int   // operators in the graph
	Tensors int   // weights and constants
}

// DefaultLimits hold the networks that are used for pictures today, up to some
// 300 million weights, and refuse what would take minutes.
func DefaultLimits() Limits {
	return Limits{Bytes: 1 << 30, Memory: 2 << 30, Work: 60e9, Nodes: 20_000, Tensors: 20_000}
}

func (l Limits) orDefaults() Limits {
	d := DefaultLimits()
	for _, f := range []struct{ mine, usual *int64 }{{&l.Bytes, &d.Bytes}, {&l.Memory, &d.Memory}, {&l.Work, &d.Work}} {
		if *f.mine <= 0 {
			*f.mine = *f.usual
		}
	}
	if l.Nodes <= 0 {
		l.Nodes = d.Nodes
	}
	if l.Tensors <= 0 {
		l.Tensors = d.Tensors
	}
	return l
}

// Error says why a model is refused or gave no answer.
type Error struct {
	Text text.Text
}

func (e *Error) Error() string { return e.Text.EN }

// refuse makes an Error; both formats take the same arguments, where the order
// differs by their numbers. However long the names and lists are that a file chose,
// what is said stays within a few lines.
func refuse(en, zh string, args ...any) error {
	return &Error{text.Text{EN: brief(fmt.Sprintf(en, args...), 400), ZH: brief(fmt.Sprintf(zh, args...), 400)}}
}

// brief is s, or its beginning.
func brief(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// some is the beginning of a list that a file chose.
func some(list []int64) string {
	if len(list) > 16 {
		return fmt.Sprintf("%v … (%d)", list[:16], len(list))
	}
	return fmt.Sprint(list)
}

func broken(what string) error {
	return refuse("it is no whole ONNX file: %s", "不是完整的 ONNX 文件：%s", what)
}
