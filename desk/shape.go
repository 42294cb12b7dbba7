package desk

import (
	"reflect"
	"time"

	"github.com/evenhand/evenhand/evidence"
)

// ShapeOf says for people what JSON value a type is read from, for messages on
// rows that came from outside.
func ShapeOf(t reflect.Type) evidence.Text {
	if t == reflect.TypeFor[time.Time]() {
		return evidence.Text{EN: `a time such as "2026-11-01T08:00:00Z"`, ZH: `时间，如 "2026-11-01T08:00:00Z"`}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return ShapeOf(t.Elem())
	case reflect.Struct, reflect.Map:
		return evidence.Text{EN: "an object", ZH: "对象"}
	case reflect.Slice, reflect.Array:
		return evidence.Text{EN: "a list", ZH: "列表"}
	case reflect.String:
		return evidence.Text{EN: "a text", ZH: "文本"}
	case reflect.Bool:
		return evidence.Text{EN: "true or false", ZH: "true 或 false"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return evidence.Text{EN: "a whole number", ZH: "整数"}
	case reflect.Float32, reflect.Float64:
		return evidence.Text{EN: "a number", ZH: "数字"}
	}
	return evidence.Text{EN: "of another type", ZH: "其他类型"}
}
