package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/evenhand/evenhand/desk/sandbox"
	"github.com/evenhand/evenhand/imaging/heif"
)

// decodeOutside lets ffmpeg decode large pictures in HEIC, and in AVIF of more
// than 8 bits, where this machine has all of the sandbox that a program needs which reads what
// strangers made, and says who decodes.
func decodeOutside(ctx context.Context, box *sandbox.Sandbox, program string, log *slog.Logger) {
	const inside = "HEIC and AVIF pictures are decoded in WebAssembly alone"
	switch has := box.InForce(); {
	case program == "":
		log.InfoContext(ctx, inside, "reason", "no ffmpeg")
		return
	case !has.Seccomp || !has.Rlimits || has.Landlock == 0:
		log.InfoContext(ctx, inside, "reason", "the sandbox for ffmpeg lacks a part", "in_force", has.String())
		return
	}
	hevc, av1 := heif.SetRunner(ctx, runOutside(box, program))
	if !hevc && !av1 {
		log.InfoContext(ctx, inside, "reason", "ffmpeg did not decode a picture that is known", "program", program)
		return
	}
	log.InfoContext(ctx, "large pictures are decoded by ffmpeg in the sandbox, and in WebAssembly where it fails",
		"program", program, "heic", hevc, "deep_avif", av1, "in_force", box.InForce().String())
}

// mapped is what ffmpeg's libraries take of its address space, in bytes: 270 MB
// with Debian's. Of its own memory it gets what the job says.
const mapped = 768 << 20

// saidOutside bounds what is kept of the program's complaints, in bytes.
const saidOutside = 1 << 10

// runOutside runs ffmpeg in the sandbox: it reads from a pipe and writes to one,
// and has an empty folder, in which it may not write.
func runOutside(box *sandbox.Sandbox, program string) heif.Runner {
	return func(ctx context.Context, job heif.Job, read func(io.Reader) error) error {
		dir, err := os.MkdirTemp("", "evenhand-picture-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		in := box.With(box.InForce(), sandbox.Limits{
			Memory: mapped + uint64(job.Memory), Data: uint64(job.Memory), FileSize: 1, Made: 1, CPU: 60, Files: 32, Threads: 16,
		})
		cmd, err := in.Command(ctx, dir, program, job.Args...)
		if err != nil {
			return err
		}
		parts := make([]io.Reader, len(job.Input))
		for i, p := range job.Input {
			parts[i] = bytes.NewReader(p)
		}
		said := &few{limit: saidOutside}
		out, answer := io.Pipe()
		cmd.Stdin, cmd.Stdout, cmd.Stderr = io.MultiReader(parts...), answer, said
		ended := make(chan error, 1)
		go func() {
			err := in.Run(cmd)
			answer.Close()
			ended <- err
		}()
		if err = read(out); err != nil {
			cancel() // it need not go on
		}
		out.Close()
		if waited := <-ended; err == nil {
			err = waited
		}
		if len(said.data) > 0 {
			err = errors.Join(err, fmt.Errorf("it said %q", said.data))
		}
		return err
	}
}

// few keeps the first bytes written to it.
type few struct {
	limit int
	data  []byte
}

func (f *few) Write(p []byte) (int, error) {
	f.data = append(f.data, p[:min(len(p), f.limit-len(f.data))]...)
	return len(p), nil
}
