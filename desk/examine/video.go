package examine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/meta"
	"github.com/evenhand/evenhand/imaging/pdq"
	"github.com/evenhand/evenhand/screening/provenance/aigc"
	"github.com/evenhand/evenhand/screening/provenance/c2pa"
	"github.com/evenhand/evenhand/screening/reference"
	"github.com/evenhand/evenhand/work"
)

const videoBytes = 2 << 30 // of a video that is looked at

// video examines a video: what the file says of itself, its bytes among those
// filed elsewhere, and key frames where ffmpeg is there.
func (l *looked) video(ctx context.Context, kind container) error {
	l.prints = l.fingerprints(opened{})
	if err := l.reused(ctx, opened{PDQ: [pdq.Forms]pdq.Hash{}}); err != nil {
		return err
	}
	size, err := l.x.opts.Blobs.Size(ctx, l.c.Item.SHA256)
	if err != nil {
		return fmt.Errorf("asking for the size of evidence: %w", err)
	}
	if size <= photoBytes {
		if err := l.videoSays(ctx); err != nil {
			return err
		}
	}
	switch {
	case l.x.ffmpeg == "":
		l.add(noFFmpeg())
		return nil
	case size > videoBytes:
		l.add(videoTooLarge())
		return nil
	}
	return l.frames(ctx, kind)
}

// videoSays adds what the file says of its own origin.
func (l *looked) videoSays(ctx context.Context) error {
	data, err := l.x.read(ctx, l.c.Item.SHA256, photoBytes)
	if err != nil {
		return err
	}
	origin := l.origin()
	credentials, err := c2pa.Read(data, c2pa.Options{Now: origin.Now, Trust: origin.Trust})
	if !errors.Is(err, c2pa.ErrNone) && credentials != nil {
		l.add(credentials.Findings()...)
	}
	if m, err := meta.Read(data); err == nil && m != nil {
		l.add(aigc.Read(m).Findings()...)
	}
	return nil
}

// frames compares key frames with the references.
func (l *looked) frames(ctx context.Context, kind container) error {
	dir, err := os.MkdirTemp(l.x.opts.TempDir, "evenhand-video-")
	if err != nil {
		return fmt.Errorf("making a folder for a video: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := l.x.copyOut(ctx, l.c.Item.SHA256, filepath.Join(dir, "video")); err != nil {
		return err
	}
	frames, err := l.x.keyFrames(ctx, dir, kind)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil || len(frames) == 0:
		if err != nil {
			l.x.opts.Log.WarnContext(ctx, "a video could not be decoded", "evidence", l.c.Item.ID, "error", err.Error())
		}
		l.add(videoBroken())
		return nil
	}
	l.add(framesSeen(len(frames), frames[0].second, frames[len(frames)-1].second))
	told := map[string]bool{} // references that a conclusive finding names
	for _, f := range frames {
		p, err := imaging.Open(ctx, f.file, imaging.Limits{})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			continue
		}
		view := reference.Prepare(p)
		p.Release()
		if err := l.frame(ctx, view, f.second, told); err != nil {
			return err
		}
	}
	return nil
}

func (l *looked) frame(ctx context.Context, view *reference.View, second float64, told map[string]bool) error {
	for _, r := range l.bounds {
		if told[r.SHA256] {
			continue
		}
		ref, err := l.x.view(ctx, r.SHA256)
		var unread *imaging.Error
		switch {
		case errors.As(err, &unread), errors.Is(err, work.ErrNotFound):
			l.add(referenceUnreadable(r))
			told[r.SHA256] = true
			continue
		case err != nil:
			return err
		}
		if f, ok := reference.Compare(view, ref).FindingOn(r.ID, whatItIs(r)); ok {
			l.add(l.orLater(atSecond(f, second), r))
			told[r.SHA256] = true // once a reference is enough to watch the video
		}
	}
	return nil
}

// copyOut writes a blob to a file, for a program that must seek in it.
func (x *Examiner) copyOut(ctx context.Context, sha, to string) (err error) {
	r, err := x.opts.Blobs.Open(ctx, sha, 0, -1)
	if err != nil {
		return fmt.Errorf("opening evidence %.16s: %w", sha, err)
	}
	defer r.Close()
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("copying a video out: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.Copy(f, io.LimitReader(r, videoBytes)); err != nil {
		return fmt.Errorf("copying a video out: %w", err)
	}
	return nil
}
