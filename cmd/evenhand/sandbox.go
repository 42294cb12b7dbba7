package main

import (
	"context"
	"log/slog"

	"github.com/evenhand/evenhand/desk/examine"
	"github.com/evenhand/evenhand/desk/sandbox"
	"github.com/evenhand/evenhand/store"
)

// newExaminer makes the examiner with the sandbox that ffmpeg runs in, and says
// in the log what of it this machine has. From then on it decodes large pictures
// too, where the sandbox is whole.
func newExaminer(ctx context.Context, db *store.DB, log *slog.Logger, detectors ...examine.Detector) *examine.Examiner {
	opts := examine.Options{Blobs: db.Blobs(), Store: db, Log: log, Detectors: detectors}
	box, err := sandbox.New(ctx)
	if err != nil {
		log.WarnContext(ctx, "films are looked at without a sandbox", "error", err.Error())
		return examine.New(opts)
	}
	opts.Sandbox = box
	x := examine.New(opts)
	if x.FFmpeg() != "" {
		log.InfoContext(ctx, "films are looked at in a sandbox", "program", x.FFmpeg(), "in_force", box.InForce().String())
		for _, what := range box.InForce().Missing() {
			log.WarnContext(ctx, "this machine lacks a part of the sandbox", "missing", what)
		}
	}
	decodeOutside(ctx, box, x.FFmpeg(), log)
	return x
}
