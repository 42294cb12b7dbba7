package desk

import (
	"reflect"
	"time"

	"github.com/evenhand/evenhand/text"
)

// ShapeOf says for people what JSON value a type is read from, for messages on
// rows that came from outside.
func ShapeOf(t reflect.Type) text.Text {
	if t == reflect.TypeFor[time.Time]() {
		return text.Text{EN: `a time such as "2026-11-01T08:00:00Z"`, ZH: `时间，如 "2026-11-01T08:00:00Z"`}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return ShapeOf(t.Elem())
	case reflect.Struct, reflect.Map:
		return text.Text{EN: "an object", ZH: "对象"}
	case reflect.Slice, reflect.Array:
		return text.Text{EN: "a list", ZH: "列表"}
	case reflect.String:
		return text.Text{EN: "a text", ZH: "文本"}
	case reflect.Bool:
		return text.Text{EN: "true or false", ZH: "true 或 false"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return text.Text{EN: "a whole number", ZH: "整数"}
	case reflect.Float32, reflect.Float64:
		return text.Text{EN: "a number", ZH: "数字"}
	}
	return text.Text{EN: "of another type", ZH: "其他类型"}
}
