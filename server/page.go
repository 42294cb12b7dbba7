package server

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// PageParams is embedded in the input of every list.
type PageParams struct {
	After string `query:"after" maxLength:"600" doc:"The next of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
}

// List is a page of a list.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
}

// sealCursor makes a store's cursor fit to go out: bound to its list, so that
// nobody can hand the store one that it did not make, and closed, for it names
// a place that need not be one that its reader may see. The nonce is made of
// what it closes, so that a page's next is the same each time.
func sealCursor(key []byte, list, cursor string) string {
	if cursor == "" {
		return ""
	}
	box := cursorBox(key)
	m := hmac.New(sha256.New, cursorPart(key, "nonce"))
	m.Write([]byte(list + "\x00" + cursor))
	nonce := m.Sum(nil)[:box.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, []byte(cursor), []byte(list)))
}

// openCursor is the reverse; ok is false for what is not ours.
func openCursor(key []byte, list, sealed string) (cursor string, ok bool) {
	if sealed == "" {
		return "", true
	}
	box := cursorBox(key)
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || len(raw) <= box.NonceSize() {
		return "", false
	}
	plain, err := box.Open(nil, raw[:box.NonceSize()], raw[box.NonceSize():], []byte(list))
	return string(plain), err == nil && len(plain) > 0
}

// cursorPart is a key of its own, of the desk's secret for cursors.
func cursorPart(key []byte, use string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("cursor " + use))
	return m.Sum(nil)
}

func cursorBox(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(cursorPart(key, "seal"))
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has GCM's block size
	}
	return box
}

// page opens the cursor of a list's parameters.
func (s *Server) page(ctx context.Context, list string, p PageParams) (work.Page, error) {
	key, err := s.cursorKey(ctx)
	if err != nil {
		return work.Page{}, err
	}
	after, ok := openCursor(key, list, p.After)
	if !ok {
		return work.Page{}, text.Refuse(codeCursor, "query.after", "Use the next of this very list, or leave it out to begin anew.", "请使用本列表返回的 next，或留空从头开始。")
	}
	return work.Page{After: after, Limit: orElse(p.Limit, 50)}, nil
}

// listOf is a page on its way out.
func listOf[T any](ctx context.Context, s *Server, list string, items []T, next string) (List[T], error) {
	key, err := s.cursorKey(ctx)
	if err != nil {
		return List[T]{}, err
	}
	if items == nil {
		items = []T{}
	}
	return List[T]{Items: items, Next: sealCursor(key, list, next)}, nil
}

// cursorKey is read once: a cursor made under another key costs its reader no
// more than a new start.
func (s *Server) cursorKey(ctx context.Context) ([]byte, error) {
	if k := s.cursors.Load(); k != nil {
		return *k, nil
	}
	k, err := s.opt.Accounts.Secret(ctx, "cursor")
	if err != nil {
		return nil, err
	}
	s.cursors.Store(&k)
	return k, nil
}
