package server

import (
	"encoding/base64"
	"strings"
	"testing"
)

// TestCursorsAreClosed: a cursor names a row that its reader need not be able
// to see, and so says nothing.
func TestCursorsAreClosed(t *testing.T) {
	key := []byte("key")
	const place = "claims,abc,01KYTHECLAIM"
	sealed := sealCursor(key, "claims", place)
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || strings.Contains(string(raw), "CLAIM") {
		t.Errorf("%q (%v)", raw, err)
	}
	if got, ok := openCursor(key, "claims", sealed); !ok || got != place {
		t.Errorf("read as %q", got)
	}
	if _, ok := openCursor([]byte("other"), "claims", sealed); ok {
		t.Error("another desk's is read")
	}
	if _, ok := openCursor(key, "orders", sealed); ok {
		t.Error("another list's is read")
	}
	if sealCursor(key, "claims", place) != sealed {
		t.Error("the same place is said differently")
	}
}
