package onnx

import "github.com/evenhand/evenhand/screening/detector/onnx/onnxtest"

// The tests write their ONNX files themselves.
var (
	tag, message, words, number, single = onnxtest.Tag, onnxtest.Message, onnxtest.Words, onnxtest.Number, onnxtest.Single
	file, input, output, op             = onnxtest.File, onnxtest.Input, onnxtest.Output, onnxtest.Op
	weight, wholes                      = onnxtest.Weight, onnxtest.Wholes
	intAttr, floatAttr                  = onnxtest.Int, onnxtest.Float
	textAttr, intsAttr                  = onnxtest.Text, onnxtest.Ints
)
