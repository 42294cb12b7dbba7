package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// tagger makes tags. They are keyed: a plain digest of what is kept could be
// tried out by who sees all of it but a phone number or a place.
type tagger struct {
	mu   sync.Mutex
	key  []byte
	read func(context.Context) ([]byte, error)
}

// newTagger takes the key from read, or where there is none makes one of its
// own, which is good as long as the process runs.
func newTagger(read func(context.Context) ([]byte, error), random io.Reader) *tagger {
	if read == nil {
		read = func(context.Context) ([]byte, error) {
			key := make([]byte, 32)
			_, err := io.ReadFull(random, key)
			return key, err
		}
	}
	return &tagger{read: read}
}

// ready sees to it that there is a key. It may open a transaction of its own,
// so that it is called outside of any.
func (t *tagger) ready(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.key != nil {
		return nil
	}
	key, err := t.read(ctx)
	if err != nil {
		return fmt.Errorf("the key of tags: %w", err)
	}
	t.key = key
	return nil
}

// tag is Desk.Tag after ready.
func (t *tagger) tag(v any) (string, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("tag: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	m := hmac.New(sha256.New, t.key)
	fmt.Fprintf(m, "%T ", v)
	m.Write(data)
	return hex.EncodeToString(m.Sum(nil))[:24], nil
}

// Tag names a state of something that is kept: the same contents, the same tag
// on every node, and nobody but the desk can tell which contents.
func (d *Desk) Tag(ctx context.Context, v any) (string, error) {
	if err := d.tags.ready(ctx); err != nil {
		return "", err
	}
	return d.tags.tag(v)
}
