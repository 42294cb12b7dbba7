package server

import (
	"log/slog"
	"runtime/debug"
	"time"
)

// accessAttrs is a line of the access log. It names the route rather than the
// address, which may hold ids and tokens, and the caller by kind alone: who
// did what is in the record, not in the log. No network address, no cookie,
// no query, no header.
func accessAttrs(method string, req *request, w *statusWriter, took time.Duration) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("request", req.ID), slog.String("method", method), slog.String("route", orElse(req.Pattern, "none")),
		slog.Int("status", w.code()), slog.Int64("bytes", w.bytes), slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.String("caller", string(orElse(req.Caller.Kind, "none"))),
	}
	if req.cause != nil {
		attrs = append(attrs, slog.String("cause", req.cause.Error()))
	}
	return attrs
}

func levelOf(status int, quiet bool) slog.Level {
	switch {
	case status >= 500:
		return slog.LevelError
	case quiet:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func stack() string { return string(debug.Stack()) }
