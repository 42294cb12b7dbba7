package server

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/text"
)

// Times that a request may name lie within these years. Further away a time
// can be read and not be written again: in another zone its year has five
// digits, or is before the first.
const (
	firstYear = 1900
	lastYear  = 2999
)

// checkTimes finds a time in a request's input that nothing of a desk can be
// about. A zero one was left out.
func checkTimes(in any) error {
	if where, bad := farTime(reflect.ValueOf(in), ""); bad {
		return text.Refuse(text.CodeInvalid, strings.TrimPrefix(where, "."), "This time lies too far away: years 1900 to 2999 are read.", "时间超出范围，仅支持 1900 年至 2999 年。")
	}
	return nil
}

var timeType = reflect.TypeFor[time.Time]()

// farTime walks what a decoder made. where is the place as problems name it:
// body.lines[0].at, or query.from.
func farTime(v reflect.Value, where string) (string, bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "", false
		}
		return farTime(v.Elem(), where)
	case reflect.Slice, reflect.Array:
		if k := v.Type().Elem().Kind(); k != reflect.Struct && k != reflect.Pointer && k != reflect.Interface && k != reflect.Slice && k != reflect.Map {
			return "", false
		}
		for i := range v.Len() {
			if at, bad := farTime(v.Index(i), where+"["+strconv.Itoa(i)+"]"); bad {
				return at, true
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if at, bad := farTime(it.Value(), where+"."+it.Key().String()); bad {
				return at, true
			}
		}
	case reflect.Struct:
		if v.Type() == timeType {
			t, ok := v.Interface().(time.Time)
			return where, ok && !t.IsZero() && (t.UTC().Year() < firstYear || t.UTC().Year() > lastYear)
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			if at, bad := farTime(v.Field(i), where+nameOfField(f)); bad {
				return at, true
			}
		}
	}
	return "", false
}

// nameOfField is how a problem names a field of an input, with the dot before it.
func nameOfField(f reflect.StructField) string {
	for _, place := range []string{"query", "path", "header"} {
		if name, _, _ := strings.Cut(f.Tag.Get(place), ","); name != "" {
			return "." + place + "." + name
		}
	}
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
		return "." + name
	}
	if f.Anonymous {
		return ""
	}
	return "." + strings.ToLower(f.Name)
}
