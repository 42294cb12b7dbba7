package server

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/evenhand/evenhand/desk"
)

// lying counts the bytes of uploads on the disk, kept and not.
func (m *market) lying() (n int64) {
	m.t.Helper()
	for _, dir := range m.dirs {
		err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || strings.HasSuffix(e.Name(), ".lock") {
				return err
			}
			info, err := e.Info()
			if err == nil {
				n += info.Size()
			}
			return err
		})
		if err != nil {
			m.t.Fatal(err)
		}
	}
	return n
}

// draft files a claim and answers its id.
func (m *market) draft() string {
	m.t.Helper()
	filed := m.ok("buyer", "POST", "/v1/claims", `{"order_id":"`+m.order()+`","kind":"return_refund","reason":"damaged","story":"Broken."}`)
	return filed["claim"].(map[string]any)["id"].(string)
}

// send posts a form with one file.
func (m *market) send(who, path string, fields map[string]string, file []byte) (*http.Response, []byte) {
	m.t.Helper()
	form := &bytes.Buffer{}
	w := multipart.NewWriter(form)
	for k, v := range fields {
		_ = w.WriteField(k, v)
	}
	f, _ := w.CreateFormFile("file", "x.jpg")
	_, _ = f.Write(file)
	_ = w.Close()
	return m.do(who, "POST", path, form.String(), "Content-Type", w.FormDataContentType())
}

// tus sends a file as a resumable upload in one piece; the answer is the last one.
func (m *market) tus(who, metadata string, file []byte) (*http.Response, []byte) {
	m.t.Helper()
	res, raw := m.do(who, "POST", "/v1/uploads", "", "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(file)), "Upload-Metadata", metadata)
	_, id, ok := strings.Cut(res.Header.Get("Location"), uploadBase)
	if !ok {
		return res, raw
	}
	return m.do(who, "PATCH", uploadBase+id, string(file), "Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream")
}

// TestRefusedUploadsLeaveNothing: whatever an upload is refused for, not a byte
// of it stays, in the store or on its way there.
func TestRefusedUploadsLeaveNothing(t *testing.T) {
	m := newMarket(t)
	id, orderID := m.draft(), m.order()
	photo := append([]byte("\xff\xd8\xff\xe0"), bytes.Repeat([]byte("x"), 3<<20)...)
	words := bytes.Repeat([]byte("word "), 20_000)
	sent := func(name string, res *http.Response, raw []byte) {
		t.Helper()
		if res.StatusCode < 400 || res.StatusCode > 499 {
			t.Errorf("%s: %d %s", name, res.StatusCode, raw)
		}
		if n := m.lying(); n != 0 {
			t.Errorf("%s: %d bytes stay", name, n)
		}
	}
	at := "/v1/claims/" + id + "/evidence"
	for _, tt := range []struct {
		name, who, path string
		fields          map[string]string
		file            []byte
	}{
		{"no such purpose", "buyer", at, map[string]string{"purpose": "fun"}, photo},
		{"no purpose", "buyer", at, nil, photo},
		{"no such medium", "buyer", at, map[string]string{"purpose": "whole", "medium": "smell"}, photo},
		{"no such capture", "buyer", at, map[string]string{"purpose": "whole", "captured": "stolen"}, photo},
		{"not a photo", "buyer", at, map[string]string{"purpose": "whole"}, words},
		{"not a film", "buyer", at, map[string]string{"purpose": "unboxing", "medium": "video"}, photo},
		{"words too long", "buyer", at, map[string]string{"purpose": "other", "medium": "statement"}, words},
		{"empty", "buyer", at, map[string]string{"purpose": "whole"}, nil},
		{"another's claim", "shop", at, map[string]string{"purpose": "whole"}, photo},
		{"no such claim", "buyer", "/v1/claims/none/evidence", map[string]string{"purpose": "whole"}, photo},
		{"an order's other purpose", "shop", "/v1/orders/" + orderID + "/media", map[string]string{"purpose": "whole"}, photo},
		{"an order's other line", "shop", "/v1/orders/" + orderID + "/media", map[string]string{"purpose": "packing", "line_id": "9"}, photo},
		{"another's order", "buyer", "/v1/orders/" + orderID + "/media", map[string]string{"purpose": "packing"}, photo},
		{"an unknown field", "buyer", at, map[string]string{"purpose": "whole", "zz": "1"}, photo},
	} {
		res, raw := m.send(tt.who, tt.path, tt.fields, tt.file)
		sent(tt.name, res, raw)
	}
	for name, metadata := range map[string]string{
		"tus: not a photo":  meta("claim_id", id, "purpose", "whole"),
		"tus: capture":      meta("claim_id", id, "purpose", "whole", "captured", "stolen"),
		"tus: order's line": meta("order_id", orderID, "purpose", "packing", "line_id", "9"),
	} {
		who := "buyer"
		file := photo
		if strings.Contains(name, "order") {
			who = "shop"
		}
		if strings.Contains(name, "not a photo") {
			file = append([]byte{0, 1, 2, 3}, photo...)
		}
		res, raw := m.tus(who, metadata, file)
		sent(name, res, raw)
	}
	// What is withdrawn or refused by the claim's state is refused before its bytes are taken in.
	res, raw := m.do("buyer", "POST", "/v1/claims/"+id+"/withdraw", "", "If-Match", m.tag("buyer", id))
	if res.StatusCode != 200 {
		t.Fatalf("%d %s", res.StatusCode, raw)
	}
	res, raw = m.send("buyer", at, map[string]string{"purpose": "whole"}, photo)
	sent("a claim that is over", res, raw)
	res, raw = m.tus("buyer", meta("claim_id", id, "purpose", "whole"), photo)
	sent("tus: a claim that is over", res, raw)
}

// TestQuotas: a claim and a caller's day hold so many bytes; the first upload
// above them is refused and leaves nothing, by form and by tus, and others go on.
func TestQuotas(t *testing.T) {
	m := newMarket(t, func(o *desk.Options) { o.Quotas = desk.Quotas{Claim: 5000, Caller: 8000} })
	one, two := m.draft(), m.draft()
	n := 0
	photo := func(size int) []byte {
		n++
		head := []byte("\xff\xd8\xff\xe0" + strconv.Itoa(n))
		return append(head, make([]byte, size-len(head))...)
	}
	send := func(id string, size, want int) {
		t.Helper()
		before := m.lying()
		res, raw := m.send("buyer", "/v1/claims/"+id+"/evidence", map[string]string{"purpose": "other"}, photo(size))
		if res.StatusCode != want {
			t.Errorf("%d bytes: %d %s, want %d", size, res.StatusCode, raw, want)
		}
		if after := m.lying(); want == 413 && after != before {
			t.Errorf("%d bytes that were refused left %d", size, after-before)
		}
	}
	send(one, 3000, 201)
	send(one, 2001, 413)
	send(one, 2000, 201)
	send(one, 10, 413)
	send(two, 3001, 413) // of the day
	res, raw := m.tus("buyer", meta("claim_id", two, "purpose", "other"), photo(3001))
	if res.StatusCode != 413 || !strings.Contains(string(raw), `"code":"quota"`) {
		t.Errorf("tus beyond the day: %d %s", res.StatusCode, raw)
	}
	// Uploads that are only announced count too.
	for i, want := range []int{201, 413} {
		res, raw := m.do("buyer", "POST", "/v1/uploads", "", "Tus-Resumable", "1.0.0", "Upload-Length", "2000", "Upload-Metadata", meta("claim_id", two, "purpose", "other"))
		if res.StatusCode != want {
			t.Errorf("announced %d: %d %s", i, res.StatusCode, raw)
		}
	}
	send(two, 3000, 201)
}

// full is a store of evidence on a disk with so much room left, less what was
// staged since.
type full struct {
	desk.Blobs
	free   int64
	staged *atomic.Int64
}

func (f full) Free(context.Context) (int64, bool) { return f.free - f.staged.Load(), true }

func (f full) Stage(ctx context.Context, r io.Reader, limit int64) (desk.Staged, error) {
	return f.Blobs.Stage(ctx, &fills{r, f.staged}, limit)
}

// fills counts what goes through it.
type fills struct {
	io.Reader
	n *atomic.Int64
}

func (f *fills) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	f.n.Add(int64(n))
	return n, err
}

// TestNoRoom: below the floor uploads are refused politely, before and after
// their bytes, and all else works.
func TestNoRoom(t *testing.T) {
	m := newMarket(t, func(o *desk.Options) {
		o.Quotas.Free = 1 << 30
		o.Blobs = full{o.Blobs, 1<<30 + 5000, new(atomic.Int64)}
	})
	id := m.draft()
	photo := append([]byte("\xff\xd8\xff\xe0"), make([]byte, 3000)...)
	if res, raw := m.send("buyer", "/v1/claims/"+id+"/evidence", map[string]string{"purpose": "whole"}, photo); res.StatusCode != 201 {
		t.Errorf("with room: %d %s", res.StatusCode, raw)
	}
	before := m.lying()
	for name, answer := range map[string]func() (*http.Response, []byte){
		"form": func() (*http.Response, []byte) {
			return m.send("buyer", "/v1/claims/"+id+"/evidence", map[string]string{"purpose": "close_up"}, append(photo, photo...))
		},
		"tus": func() (*http.Response, []byte) {
			return m.tus("buyer", meta("claim_id", id, "purpose", "close_up"), append(photo, photo...))
		},
	} {
		res, raw := answer()
		if res.StatusCode != 507 || res.Header.Get("Retry-After") == "" || !strings.Contains(string(raw), `"code":"no_room"`) {
			t.Errorf("%s without room: %d %v %s", name, res.StatusCode, res.Header, raw)
		}
	}
	if after := m.lying(); after != before {
		t.Errorf("%d bytes stay", after-before)
	}
	m.ok("buyer", "GET", "/v1/claims/"+id, "")
}

// TestRoomIsAskedWhileBytesCome: many were told that there is room; what then
// fills the disk is stopped on its way.
func TestRoomIsAskedWhileBytesCome(t *testing.T) {
	m := newMarket(t, func(o *desk.Options) {
		o.Quotas.Free = 1 << 30
		o.Blobs = full{o.Blobs, 1<<30 + 9<<20, new(atomic.Int64)}
	})
	photo := append([]byte("\xff\xd8\xff\xe0"), make([]byte, 20<<20)...)
	res, raw := m.send("buyer", "/v1/claims/"+m.draft()+"/evidence", map[string]string{"purpose": "whole"}, photo)
	if res.StatusCode != 507 || m.lying() != 0 {
		t.Errorf("%d %s, %d bytes stay", res.StatusCode, raw, m.lying())
	}
}

// TestAnothersFileIsNotOnesOwn: a resumable upload of the bytes that the other
// side sent is not answered with the other side's evidence.
func TestAnothersFileIsNotOnesOwn(t *testing.T) {
	m := newMarket(t)
	id := m.draft()
	photo := append([]byte("\xff\xd8\xff\xe0"), make([]byte, 3000)...)
	res, raw := m.tus("buyer", meta("claim_id", id, "purpose", "other"), photo)
	buyers := res.Header.Get("Evidence-Id")
	if res.StatusCode != 204 || buyers == "" {
		t.Fatalf("the buyer's own: %d %s", res.StatusCode, raw)
	}
	res, raw = m.tus("platform", meta("claim_id", id, "purpose", "other", "party", "merchant"), photo)
	if got := res.Header.Get("Evidence-Id"); got == buyers {
		t.Errorf("sent for the shop: %d, evidence %q of the buyer's %q: %s", res.StatusCode, got, buyers, raw)
	}
}

// TestAnnouncedAtOnce: of many uploads that are begun at the same moment no more
// are let in than of as many one after the other.
func TestAnnouncedAtOnce(t *testing.T) {
	m := newMarket(t)
	id := m.draft()
	var begun atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			res, _ := m.do("buyer", "POST", "/v1/uploads", "", "Tus-Resumable", "1.0.0", "Upload-Length", "2000", "Upload-Metadata", meta("claim_id", id, "purpose", "other"))
			if res.StatusCode == 201 {
				begun.Add(1)
			}
		})
	}
	all.Wait()
	if n := begun.Load(); n != 20 {
		t.Errorf("%d uploads were let in at once, want 20", n)
	}
}

// TestUploadsCountWhereTheyGo: what a caller sends to one claim takes nothing
// from another's share.
func TestUploadsCountWhereTheyGo(t *testing.T) {
	m := newMarket(t, func(o *desk.Options) { o.Quotas = desk.Quotas{Claim: 5000, Caller: 20_000} })
	one, two := m.draft(), m.draft()
	for i, tt := range []struct {
		id   string
		want int
	}{{one, 201}, {two, 201}, {one, 413}} {
		res, raw := m.do("buyer", "POST", "/v1/uploads", "", "Tus-Resumable", "1.0.0", "Upload-Length", "3000", "Upload-Metadata", meta("claim_id", tt.id, "purpose", "other"))
		if res.StatusCode != tt.want {
			t.Errorf("upload %d: %d %s, want %d", i, res.StatusCode, raw, tt.want)
		}
	}
}
