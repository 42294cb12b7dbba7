// Package onnxtest writes small ONNX files for tests, field by field, so that no
// binary file is kept and each test shows what its network is.
package onnxtest

import (
	"encoding/binary"
	"math"
)

// Tag begins a field.
func Tag(number, kind int) []byte { return binary.AppendUvarint(nil, uint64(number<<3|kind)) }

// Message is a field that holds others.
func Message(number int, parts ...[]byte) []byte {
	var body []byte
	for _, p := range parts {
		body = append(body, p...)
	}
	return append(binary.AppendUvarint(Tag(number, 2), uint64(len(body))), body...)
}

// Words is a field of text.
func Words(number int, s string) []byte { return Message(number, []byte(s)) }

// Number is a field of a whole number.
func Number(field int, v int64) []byte {
	return binary.AppendUvarint(Tag(field, 0), uint64(v))
}

// Single is a field of a 32-bit float.
func Single(field int, v float32) []byte {
	return binary.LittleEndian.AppendUint32(Tag(field, 5), math.Float32bits(v))
}

// File is a model of operator set 17 with the parts of a graph.
func File(parts ...[]byte) []byte {
	return append(append(Number(1, 8), Message(8, Number(2, 17))...), Message(7, parts...)...)
}

// port is an input or output, sizes of -1 left open.
func port(field int, name string, shape ...int64) []byte {
	var dims []byte
	for _, d := range shape {
		if d < 0 {
			dims = append(dims, Message(1, Words(2, "N"))...)
		} else {
			dims = append(dims, Message(1, Number(1, d))...)
		}
	}
	return Message(field, Words(1, name), Message(2, Message(1, Number(1, 1), Message(2, dims))))
}

// Input and Output are the graph's.
func Input(name string, shape ...int64) []byte { return port(11, name, shape...) }
func Output(name string) []byte                { return port(12, name) }

// Weight is a named list of floats.
func Weight(name string, shape []int64, values ...float32) []byte {
	return Message(5, tensorBody(name, shape, values...))
}

func tensorBody(name string, shape []int64, values ...float32) []byte {
	var body []byte
	for _, d := range shape {
		body = append(body, Number(1, d)...)
	}
	body = append(body, Number(2, 1)...)
	var raw []byte
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return append(append(body, Words(8, name)...), Message(9, raw)...)
}

// Wholes is a named list of 64-bit numbers, packed as int64_data.
func Wholes(name string, values ...int64) []byte {
	var packed []byte
	for _, v := range values {
		packed = binary.AppendUvarint(packed, uint64(v))
	}
	return Message(5, Number(1, int64(len(values))), Number(2, 7), Message(7, packed), Words(8, name))
}

// Op is an operator: its name, inputs, output and attributes.
func Op(name string, in []string, out string, attrs ...[]byte) []byte {
	var body []byte
	for _, i := range in {
		body = append(body, Words(1, i)...)
	}
	body = append(append(body, Words(2, out)...), Words(4, name)...)
	for _, a := range attrs {
		body = append(body, a...)
	}
	return Message(1, body)
}

// Int, Float, Text and Ints are attributes.
func Int(name string, v int64) []byte {
	return Message(5, Words(1, name), Number(3, v), Number(20, 2))
}

func Float(name string, v float32) []byte {
	return Message(5, Words(1, name), Single(2, v), Number(20, 1))
}

func Text(name, v string) []byte { return Message(5, Words(1, name), Words(4, v), Number(20, 3)) }

func Ints(name string, v ...int64) []byte {
	body := Words(1, name)
	for _, k := range v {
		body = append(body, Number(8, k)...)
	}
	return Message(5, body, Number(20, 7))
}
