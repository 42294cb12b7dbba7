package server

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// shelf takes in uploads for tests, and fails as often as it is told to.
type shelf struct {
	mu    sync.Mutex
	fail  int
	calls []string // ids
	bytes map[string]string
}

func (s *shelf) options(dir string) UploadOptions {
	return UploadOptions{
		Dir: dir, MaxSize: 1000, MaxOpen: 4,
		Check: func(_ context.Context, by access.Caller, m UploadMeta, _, _ int64) error {
			if m.ClaimID == "C2" {
				return work.ErrNotFound
			}
			return nil
		},
		Finish: func(_ context.Context, _ access.Caller, u Upload) (string, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			r, err := u.Open()
			if err != nil {
				return "", err
			}
			defer r.Close() //nolint:errcheck // read only
			raw, err := io.ReadAll(r)
			s.calls = append(s.calls, u.ID)
			if s.bytes == nil {
				s.bytes = map[string]string{}
			}
			s.bytes[u.ID] = string(raw)
			if s.fail--; s.fail >= 0 {
				return "", errors.New("the disk is full")
			}
			return "e-" + u.ID, err
		},
	}
}

func meta(pairs ...string) string {
	var out []string
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(out, ",")
}

func (y *yard) begin(who, length, meta string) *http.Response {
	return y.send(who, "POST", "/v1/uploads", nil, "Tus-Resumable", "1.0.0", "Upload-Length", length, "Upload-Metadata", meta)
}

// begun is the path of a new upload.
func (y *yard) begun(who, length string) string {
	y.t.Helper()
	res := y.begin(who, length, meta("claim_id", "C1", "purpose", "whole", "filename", "图.jpg"))
	_, id, ok := strings.Cut(res.Header.Get("Location"), uploadBase)
	if res.StatusCode != 201 || !ok {
		y.t.Fatalf("begin: %d %s", res.StatusCode, bodyOf(res))
	}
	return uploadBase + id
}

func (y *yard) patch(who, path, offset string, body io.Reader) *http.Response {
	return y.send(who, "PATCH", path, body, "Tus-Resumable", "1.0.0", "Upload-Offset", offset, "Content-Type", "application/offset+octet-stream")
}

func (y *yard) head(who, path string) *http.Response {
	return y.send(who, "HEAD", path, nil, "Tus-Resumable", "1.0.0")
}

// cut is a body that breaks off.
type cut struct{ rest io.Reader }

func (c *cut) Read(p []byte) (int, error) {
	n, err := c.rest.Read(p)
	if errors.Is(err, io.EOF) {
		err = errors.New("the train is in a tunnel")
	}
	return n, err
}

func TestUploadGoesOnAfterACut(t *testing.T) {
	sh := &shelf{}
	y := newYard(t, func(o *Options) { o.Uploads = sh.options(t.TempDir()) })
	path := y.begun("buyer", "10")
	y.patch("buyer", path, "0", &cut{strings.NewReader("0123")})
	at := ""
	for range 200 { // the server learns of the cut in its own time
		if at = y.head("buyer", path).Header.Get("Upload-Offset"); at == "4" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if at != "4" {
		t.Fatalf("after a cut at 4 the offset is %q", at)
	}
	wantProblem(t, y.patch("buyer", path, "0", strings.NewReader("0123456789")), 409, text.CodeConflict)
	last := y.patch("buyer", path, "4", strings.NewReader("456789"))
	id := strings.TrimPrefix(path, uploadBase)
	if last.StatusCode != 204 || last.Header.Get("Evidence-Id") != "e-"+id || sh.bytes[id] != "0123456789" {
		t.Errorf("%d %v, kept %q", last.StatusCode, last.Header, sh.bytes[id])
	}
	again := y.head("buyer", path) // a client that did not hear the last answer
	if again.StatusCode != 200 || again.Header.Get("Upload-Offset") != "10" || again.Header.Get("Evidence-Id") != "e-"+id || len(sh.calls) != 1 {
		t.Errorf("%d %v, %d calls", again.StatusCode, again.Header, len(sh.calls))
	}
	if y.head("shop", path).StatusCode != 404 {
		t.Error("a finished upload is shown to another")
	}
}

func TestUploadIsItsOwnersAlone(t *testing.T) {
	y := newYard(t, func(o *Options) { o.Uploads = (&shelf{}).options(t.TempDir()) })
	path := y.begun("buyer", "10")
	for _, who := range []string{"stranger", "shop", "platform"} {
		if res := y.head(who, path); res.StatusCode != 404 || res.Header.Get("Upload-Offset") != "" {
			t.Errorf("%s sees it: %d", who, res.StatusCode)
		}
		wantProblem(t, y.patch(who, path, "0", strings.NewReader("evil")), 404, text.CodeNotFound)
		wantProblem(t, y.send(who, "DELETE", path, nil, "Tus-Resumable", "1.0.0"), 404, text.CodeNotFound)
	}
	wantProblem(t, y.patch("", path, "0", strings.NewReader("evil")), 401, "signed_out")
	if at := y.head("buyer", path).Header.Get("Upload-Offset"); at != "0" {
		t.Errorf("others moved it to %q", at)
	}
	for _, bad := range []string{"..", "x", strings.Repeat("0", 32), "..%2f..%2fetc%2fpasswd"} {
		if res := y.head("buyer", uploadBase+bad); res.StatusCode != 404 {
			t.Errorf("%s: %d", bad, res.StatusCode)
		}
	}
	if res := y.send("buyer", "DELETE", path, nil, "Tus-Resumable", "1.0.0"); res.StatusCode != 204 || y.head("buyer", path).StatusCode != 404 {
		t.Errorf("abandon: %d", res.StatusCode)
	}
	// One id may be a buyer's and a merchant's: their links are not each other.
	link := access.Caller{ID: "X", Kind: access.CallerLink, Only: "C1", Roles: cast["buyer"].Roles}
	other := link
	other.Roles = cast["shop"].Roles
	if ownerOf(link) == ownerOf(other) {
		t.Error("a shop's link goes on with a buyer's upload")
	}
}

func TestUploadsThatAreRefused(t *testing.T) {
	y := newYard(t, func(o *Options) { o.Uploads = (&shelf{}).options(t.TempDir()) })
	whole := meta("claim_id", "C1", "purpose", "whole")
	for _, c := range []struct {
		length, meta string
		status       int
		code         text.Code
	}{
		{"1001", whole, 413, text.CodeTooLarge},
		{"0", whole, 422, text.CodeInvalid},
		{"-1", whole, 400, codeBadRequest},
		{"x", whole, 400, codeBadRequest},
		{"9", meta("owner", "session/U1/"), 422, text.CodeInvalid},
		{"9", meta("filename", "a\nb"), 422, text.CodeInvalid},
		{"9", meta("filename", "\xff"), 422, text.CodeInvalid},
		{"9", meta("filename", strings.Repeat("a", 201)), 422, text.CodeInvalid},
		{"9", meta("claim_id", "C2"), 404, text.CodeNotFound},
	} {
		wantProblem(t, y.begin("buyer", c.length, c.meta), c.status, c.code)
	}
	wantProblem(t, y.send("buyer", "POST", "/v1/uploads", nil, "Tus-Resumable", "1.0.0", "Upload-Defer-Length", "1"), 422, text.CodeInvalid)
	wantProblem(t, y.send("buyer", "POST", "/v1/uploads", nil, "Upload-Length", "9"), 400, codeBadRequest)
	path := y.begun("buyer", "4")
	if res := y.patch("buyer", path, "0", strings.NewReader("more than four")); res != nil && res.StatusCode < 400 {
		t.Errorf("more than was said: %d", res.StatusCode)
	}
	for range 3 {
		y.begun("buyer", "4")
	}
	wantProblem(t, y.begin("buyer", "9", whole), 429, codeRate)
	if y.begin("shop", "9", whole).StatusCode != 201 {
		t.Error("one caller's uploads count for another")
	}
}

func TestUploadExpires(t *testing.T) {
	sh := &shelf{}
	y := newYard(t, func(o *Options) { o.Uploads = sh.options(t.TempDir()) })
	open, full := y.begun("buyer", "10"), y.begun("buyer", "2")
	y.patch("buyer", full, "0", strings.NewReader("ab"))
	if err := y.uploads.sweep(time.Now().Add(23 * time.Hour)); err != nil || y.head("buyer", open).StatusCode != 200 || y.head("buyer", full).StatusCode != 200 {
		t.Errorf("gone too soon: %v", err)
	}
	if err := y.uploads.sweep(time.Now().Add(25 * time.Hour)); err != nil || y.head("buyer", open).StatusCode != 404 || y.head("buyer", full).StatusCode != 404 {
		t.Errorf("nothing expires: %v", err)
	}
}

// TestFinishFailsOnce: all bytes are there and the desk could not take them.
// The client asks, sees that all arrived, and sends an empty last piece.
func TestFinishFailsOnce(t *testing.T) {
	sh := &shelf{fail: 1}
	y := newYard(t, func(o *Options) { o.Uploads = sh.options(t.TempDir()) })
	path := y.begun("buyer", "4")
	wantProblem(t, y.patch("buyer", path, "0", strings.NewReader("abcd")), 500, codeInternal)
	if at := y.head("buyer", path).Header.Get("Upload-Offset"); at != "4" {
		t.Errorf("the offset is %q", at)
	}
	res := y.patch("buyer", path, "4", strings.NewReader(""))
	id := strings.TrimPrefix(path, uploadBase)
	if res.StatusCode != 204 || res.Header.Get("Evidence-Id") != "e-"+id || len(sh.calls) != 2 || sh.calls[0] != id || sh.calls[1] != id || sh.bytes[id] != "abcd" {
		t.Errorf("%d %v, calls %v", res.StatusCode, res.Header, sh.calls)
	}
	if res := y.head("buyer", path); res.Header.Get("Evidence-Id") != "e-"+id {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}
