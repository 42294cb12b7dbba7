package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/evenhand/evenhand/desk"
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

// sealCursor makes a store's cursor fit to go out: bound to its list, and
// signed, so that nobody can hand the store one that it did not make.
func sealCursor(key []byte, list, cursor string) string {
	if cursor == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(cursorMAC(key, list, cursor), cursor...))
}

// openCursor is the reverse; ok is false for what is not ours.
func openCursor(key []byte, list, sealed string) (cursor string, ok bool) {
	if sealed == "" {
		return "", true
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || len(raw) <= cursorMACSize || !hmac.Equal(raw[:cursorMACSize], cursorMAC(key, list, string(raw[cursorMACSize:]))) {
		return "", false
	}
	return string(raw[cursorMACSize:]), true
}

const cursorMACSize = 12

func cursorMAC(key []byte, list, cursor string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(list + "\x00" + cursor))
	return m.Sum(nil)[:cursorMACSize]
}

// page opens the cursor of a list's parameters.
func (s *Server) page(ctx context.Context, list string, p PageParams) (desk.Page, error) {
	key, err := s.cursorKey(ctx)
	if err != nil {
		return desk.Page{}, err
	}
	after, ok := openCursor(key, list, p.After)
	if !ok {
		return desk.Page{}, say(codeCursor, "query.after", "Use the next of this very list, or leave it out to begin anew.", "请使用本列表返回的 next，或留空从头开始。")
	}
	return desk.Page{After: after, Limit: orElse(p.Limit, 50)}, nil
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
