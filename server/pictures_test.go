package server

import (
	"bytes"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/gallery"
)

// file sends any bytes by form and answers the evidence's id.
func (m *market) file(who, path, purpose, medium string, data []byte) string {
	m.t.Helper()
	form := &bytes.Buffer{}
	w := multipart.NewWriter(form)
	_ = w.WriteField("purpose", purpose)
	_ = w.WriteField("medium", medium)
	f, _ := w.CreateFormFile("file", "x")
	_, _ = f.Write(data)
	_ = w.Close()
	return m.ok(who, "POST", path, form.String(), "Content-Type", w.FormDataContentType())["id"].(string)
}

// shot is a real photo, as a camera's JPEG.
func shot(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = uint8(i % w * 255 / w)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPicturesOverHTTP(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	id := m.file("buyer", "/v1/claims/"+x.claim+"/evidence", "other", "photo", shot(t, 900, 600))
	at := "/v1/evidence/" + id
	m.person("stranger", account.Profile{Roles: []access.Role{access.RoleBuyer}, Party: "b9"})
	if got := m.ok("ann", "GET", at+"/picture", ""); got["kind"] != "image" || got["width"] != 900.0 || got["height"] != 600.0 || got["levels"] != 2.0 || got["tile"] != 512.0 || got["id"] != id {
		t.Errorf("described as %v", got)
	}
	for path, want := range map[string]image.Point{"/preview": {640, 427}, "/preview?size=320": {320, 213}, "/preview?size=1920": {900, 600}, "/tiles/0/0/0": {512, 512}, "/tiles/0/1/1": {388, 88}, "/tiles/1/0/0": {450, 300}} {
		res, raw := m.do("buyer", "GET", at+path, "")
		c, err := jpeg.DecodeConfig(bytes.NewReader(raw))
		if res.StatusCode != 200 || err != nil || c.Width != want.X || c.Height != want.Y || res.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s: %d, %v, %d × %d, want %v", path, res.StatusCode, err, c.Width, c.Height, want)
		}
		tag := res.Header.Get("ETag")
		if res.Header.Get("Cache-Control") != "private, no-cache" || !strings.Contains(res.Header.Get("Vary"), "Cookie") || tag == "" {
			t.Errorf("%s is kept %q as %q", path, res.Header.Get("Cache-Control"), tag)
		}
		if res, raw := m.do("buyer", "GET", at+path, "", "If-None-Match", tag); res.StatusCode != http.StatusNotModified || len(raw) > 0 {
			t.Errorf("%s again: %d", path, res.StatusCode)
		}
		if res, _ := m.do("", "GET", at+path, "", "If-None-Match", tag); res.StatusCode != 401 {
			t.Errorf("%s after signing out: %d", path, res.StatusCode)
		}
		if res, _ := m.do("stranger", "GET", at+path, "", "If-None-Match", tag); res.StatusCode != 404 {
			t.Errorf("%s to a stranger who knows the tag: %d", path, res.StatusCode)
		}
	}
	for path, want := range map[string]int{"/preview?size=321": 422, "/preview?size=x": 422, "/tiles/9/0/0": 404, "/tiles/0/2/0": 404, "/tiles/0/-1/0": 422, "/tiles/0/99999/0": 422, "/tiles/a/0/0": 422} {
		if res, raw := m.do("ann", "GET", at+path, ""); res.StatusCode != want || bytes.Contains(raw, []byte(".go")) {
			t.Errorf("%s: %d %s", path, res.StatusCode, raw)
		}
	}
	if res, raw := m.do("ann", "GET", "/v1/evidence/"+x.item+"/preview", ""); res.StatusCode != 422 || !bytes.Contains(raw, []byte(`"`+desk.CodeMedia+`"`)) {
		t.Errorf("a broken photo: %d %s", res.StatusCode, raw)
	}
}

func TestFilmsAreSoughtIn(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	film := append([]byte("\x00\x00\x00\x14ftypisom\x00\x00\x00\x00isom\x00\x00\x10\x00mdat"), bytes.Repeat([]byte("0123456789"), 400)...)
	id := m.file("buyer", "/v1/claims/"+x.claim+"/evidence", "unboxing", "video", film)
	at := "/v1/evidence/" + id
	if got := m.ok("shop", "GET", at+"/picture", ""); got["kind"] != "video" || len(got["frames"].([]any)) != 0 || got["format"] != "mp4" {
		t.Errorf("a film that says nothing: %v", got)
	}
	for _, path := range []string{"/preview", "/tiles/0/0/0"} {
		if res, raw := m.do("shop", "GET", at+path, ""); res.StatusCode != 415 || !bytes.Contains(raw, []byte(`"`+gallery.CodeNotPicture+`"`)) {
			t.Errorf("%s: %d %s", path, res.StatusCode, raw)
		}
	}
	for span, want := range map[string]string{"bytes=2000-2009": string(film[2000:2010]), "bytes=-5": string(film[len(film)-5:]), "bytes=4020-": string(film[4020:])} {
		res, raw := m.do("buyer", "GET", at+"/content", "", "Range", span) // whose it is
		if res.StatusCode != 206 || string(raw) != want || res.Header.Get("Accept-Ranges") != "bytes" {
			t.Errorf("%s: %d %q, want %q", span, res.StatusCode, raw, want)
		}
	}
	if res, _ := m.do("buyer", "GET", at+"/content", "", "Range", "bytes=99999-"); res.StatusCode != 416 {
		t.Errorf("beyond its end: %d", res.StatusCode)
	}
}
