package server

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/work"
)

// snapshot is a photo of 60 by 40 pixels that says where it was taken, with
// what and by whom, and that it is to be turned a quarter.
func snapshot(t *testing.T, camera string) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * 7)
	}
	m.Set(0, 0, color.White)
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, m, nil); err != nil {
		t.Fatal(err)
	}
	le := binary.LittleEndian
	entry := func(b []byte, tag, kind uint16, n, value uint32) []byte {
		return le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, tag), kind), n), value)
	}
	maker := camera + "\x00"
	tiff := []byte("II*\x00\x08\x00\x00\x00")
	tiff = le.AppendUint16(tiff, 3)
	tiff = entry(tiff, 0x010f, 2, uint32(len(maker)), 50) // Make
	tiff = entry(tiff, 0x0112, 3, 1, 6)                   // Orientation: a quarter turn
	tiff = entry(tiff, 0x8825, 4, 1, uint32(50+len(maker)))
	tiff = append(le.AppendUint32(tiff, 0), maker...)
	tiff = le.AppendUint16(tiff, 1)
	tiff = entry(tiff, 0x001c, 7, 15, uint32(50+len(maker)+18)) // GPSAreaInformation
	tiff = append(le.AppendUint32(tiff, 0), "ASCII\x00\x00\x00"+camera[:4]+"N31"...)
	segment := func(marker byte, body string) []byte {
		return append([]byte{0xff, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
	}
	return slices.Concat(plain.Bytes()[:2], segment(0xe1, "Exif\x00\x00"+string(tiff)), segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x>"+camera+"</x>"), segment(0xfe, camera), plain.Bytes()[2:], []byte("tail "+camera))
}

// bring sends a file by form under a name of the sender's own.
func (m *market) bring(who, path, purpose, medium, name, kind string, data []byte) string {
	m.t.Helper()
	form := &bytes.Buffer{}
	w := multipart.NewWriter(form)
	_ = w.WriteField("purpose", purpose)
	_ = w.WriteField("medium", medium)
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {kind}})
	if err == nil {
		_, err = part.Write(data)
	}
	if err != nil || w.Close() != nil {
		m.t.Fatal(err)
	}
	return m.ok(who, "POST", path, form.String(), "Content-Type", w.FormDataContentType())["id"].(string)
}

// planted is a claim in which everything personal is a word that can be looked for.
type planted struct {
	scene
	photo, film, packing string // evidence
	original             []byte // of the photo
	// of lists the words by whose they are: the buyer's, the shop's, the staff's.
	of map[string][]string
}

func (m *market) plant() planted {
	m.t.Helper()
	x := planted{of: map[string][]string{
		"contact": {"Zhang San", "13800001111", "zhang@example.com"},
		"buyer":   {"BUYERCAM", "BUYEN31", "my-home-by-the-park", "+31.2304+121.4737", "FILMCAM"},
		"place":   {"31.230416", "121.473701", "SF-TRACK-1"},
		"shop":    {"SHOPCAM", "SHOPN31", "worker-li-warehouse"},
		"staff":   {"between colleagues"},
	}}
	m.ok("platform", "PUT", "/v1/merchants/m1", `{"name":"Shop"}`)
	m.ok("platform", "PUT", "/v1/buyers/b1", `{"name":"Zhang San","phone":"13800001111","email":"zhang@example.com"}`)
	x.order = "planted"
	m.ok("platform", "PUT", "/v1/orders/planted", `{"merchant_id":"m1","buyer_id":"b1","lines":[{"id":"1","title":"Mug","quantity":1,"price":{"amount":20000,"currency":"CNY"}}],"total":{"amount":20000,"currency":"CNY"},"placed_at":"2026-11-01T00:00:00Z","shipment":{"carrier":"SF","tracking":"SF-TRACK-1","city":"Shanghai","lat":31.230416,"lon":121.473701}}`)
	x.packing = m.bring("shop", "/v1/orders/planted/media", "packing", "photo", "worker-li-warehouse.jpg", "image/jpeg", snapshot(m.t, "SHOPCAM"))
	filed := m.ok("buyer", "POST", "/v1/claims", `{"order_id":"planted","kind":"return_refund","reason":"damaged","story":"It is broken."}`)
	x.claim = filed["claim"].(map[string]any)["id"].(string)
	for i, r := range filed["missing"].([]any) {
		x.original = append(snapshot(m.t, "BUYERCAM"), byte(i))
		x.photo = m.bring("buyer", "/v1/claims/"+x.claim+"/evidence", r.(map[string]any)["purpose"].(string), "photo", fmt.Sprintf("my-home-by-the-park-%d.jpg", i), "image/jpeg", x.original)
	}
	film, err := os.ReadFile("../web/e2e/film.mp4")
	if err != nil {
		m.t.Fatal(err)
	}
	told := []byte("\xa9xyz+31.2304+121.4737/FILMCAM")
	film = append(film, append(binary.BigEndian.AppendUint32(nil, uint32(len(told)+4)), told...)...)
	x.film = m.bring("buyer", "/v1/claims/"+x.claim+"/evidence", "unboxing", "video", "my-home-by-the-park.mp4", "video/mp4", film)
	m.move("buyer", x.claim, "/submit", "", claim.AskedShop)
	m.move("shop", x.claim, "/contest", `{"text":"It left whole."}`, claim.InReview)
	m.ok("ann", "POST", "/v1/reviews/lease", `{"claim_id":"`+x.claim+`"}`)
	m.move("ann", x.claim, "/decision", `{"outcome":"refused","reasons":["delivered_as_ordered"],"text":"It left whole.","note":"between colleagues"}`, claim.Decided)
	m.move("buyer", x.claim, "/appeal", `{"text":"Look again."}`, claim.InReview)
	for _, who := range []string{"ann", "opal", "eve", "bob"} {
		x.of["staff"] = append(x.of["staff"], m.ok(who, "GET", "/v1/me", "")["id"].(string))
	}
	x.of["shop"] = append(x.of["shop"], m.ok("shop", "GET", "/v1/me", "")["id"].(string))
	x.of["buyer"] = append(x.of["buyer"], m.ok("buyer", "GET", "/v1/me", "")["id"].(string))
	whole := m.ok("opal", "GET", "/v1/claims/"+x.claim, "")
	routed := whole["claim"].(map[string]any)["routings"].([]any)[0].(map[string]any)
	x.of["staff"] = append(x.of["staff"], `"`+routed["rule"].(string)+`"`)
	return x
}

// TestNothingPersonalLeaves walks everything that can be asked for, as everyone
// who is no staff, and looks for what is not theirs: names, numbers, places,
// what files and cameras are called, who of the staff acted, and rules.
func TestNothingPersonalLeaves(t *testing.T) {
	m := newMarket(t)
	m.person("buyer2", account.Profile{Roles: []access.Role{access.RoleBuyer}, Party: "b2"})
	shopsHook := m.hook(`{"url":"https://93.184.216.34/one"}`, m.shopsOwn("m1")...)
	x := m.plant()
	link := func(role string) []string { return []string{headerLink, m.link(x.claim, role)} }
	type viewer struct {
		who    string
		header []string
		not    []string
	}
	viewers := map[string]viewer{
		"the buyer":          {"buyer", nil, []string{"shop", "staff"}},
		"the buyer's link":   {"", link("buyer"), []string{"shop", "staff", "contact"}},
		"the shop":           {"shop", nil, []string{"contact", "buyer", "place", "staff"}},
		"the shop's link":    {"", link("merchant"), []string{"contact", "buyer", "place", "staff"}},
		"the shop's key":     {"", []string{"Authorization", "Bearer " + m.merchantKey("m1")}, []string{"contact", "buyer", "place", "staff"}},
		"a narrowed key":     {"", m.shopsOwn("m1"), []string{"contact", "buyer", "place", "staff"}},
		"another buyer":      {"buyer2", nil, []string{"contact", "buyer", "place", "shop", "staff"}},
		"a stranger":         {"", nil, []string{"contact", "buyer", "place", "shop", "staff"}},
		"the platform's key": {"platform", nil, []string{"buyer", "shop", "staff"}},
	}
	walked := 0
	for name, v := range viewers {
		var not []string
		for _, whose := range v.not {
			not = append(not, x.of[whose]...)
		}
		for _, r := range m.s.Routes() {
			if r.Method != http.MethodGet || r.Path == "/v1/live" || r.Path == "/v1/me" || strings.HasPrefix(r.Path, "/v1/oidc") {
				continue
			}
			ids := []string{x.claim}
			switch strings.Split(r.Path+"///", "/")[2] {
			case "orders":
				ids = []string{x.order}
			case "evidence":
				ids = []string{x.photo, x.film, x.packing}
			case "webhooks":
				ids = []string{shopsHook}
			case "merchants":
				ids = []string{"m1"}
			case "buyers":
				ids = []string{"b1"}
			}
			for _, id := range ids {
				path := strings.NewReplacer("{id}", id, "{level}", "0", "{x}", "0", "{y}", "0").Replace(r.Path)
				res, raw := m.do(v.who, "GET", path, "", v.header...)
				walked++
				if name == "the platform's key" && (strings.HasPrefix(r.Path, "/v1/policies") || strings.HasSuffix(r.Path, "/export")) {
					continue // whose rules they are; and it answers a buyer's request for what is held of them
				}
				for _, word := range not {
					if bytes.Contains(raw, []byte(word)) || strings.Contains(fmt.Sprint(res.Header), word) {
						t.Errorf("%s at %s is told %q (%d)", name, path, word, res.StatusCode)
					}
				}
			}
		}
	}
	for _, msg := range m.messages() {
		for _, whose := range []string{"contact", "buyer", "place", "shop", "staff"} {
			for _, word := range x.of[whose] {
				if bytes.Contains(msg, []byte(word)) {
					t.Errorf("a message tells %q: %s", word, msg)
				}
			}
		}
	}
	if walked < 300 {
		t.Errorf("only %d requests were made", walked)
	}
}

// messages are the bodies of all messages to webhooks.
func (m *market) messages() (out [][]byte) {
	m.t.Helper()
	ctx := m.t.Context()
	err := m.s.opt.Store.Read(ctx, func(tx desk.Tx) error {
		hooks, err := tx.Webhooks(ctx)
		for _, h := range hooks {
			list, _, err := tx.Deliveries(ctx, h.ID, work.Page{Limit: 200})
			if err != nil {
				return err
			}
			for _, d := range list {
				msg, err := tx.Message(ctx, d.MessageID)
				if err != nil {
					return err
				}
				out = append(out, msg.Body)
			}
		}
		return err
	})
	if err != nil || len(out) == 0 {
		m.t.Fatalf("%d messages, %v", len(out), err)
	}
	return out
}

// TestWhoGetsTheOriginal: staff and the side that sent it, byte for byte; the
// other side a copy that shows the same, upright, by a neutral name.
func TestWhoGetsTheOriginal(t *testing.T) {
	m := newMarket(t)
	x := m.plant()
	for who, whole := range map[string]bool{"buyer": true, "ann": true, "opal": true, "audrey": true, "shop": false, "platform": false} {
		res, raw := m.do(who, "GET", "/v1/evidence/"+x.photo+"/content", "")
		if bytes.Equal(raw, x.original) != whole || res.StatusCode != http.StatusOK {
			t.Errorf("%s gets the original: %v (%d)", who, !whole, res.StatusCode)
		}
		if name := res.Header.Get("Content-Disposition"); name != `inline; filename="evenhand-`+x.photo+`.jpg"` {
			t.Errorf("%s: %s", who, name)
		}
		if whole {
			continue
		}
		shown, err := jpeg.DecodeConfig(bytes.NewReader(raw))
		if err != nil || shown.Width != 40 || shown.Height != 60 {
			t.Errorf("%s sees %d by %d pixels, not upright: %v", who, shown.Width, shown.Height, err)
		}
		if part, raw := m.do(who, "GET", "/v1/evidence/"+x.film+"/content", "", "Range", "bytes=4-7"); part.StatusCode != http.StatusPartialContent || string(raw) != "ftyp" {
			t.Errorf("%s: a part of the film: %d %q", who, part.StatusCode, raw)
		}
	}
	if res, raw := m.do("shop", "GET", "/v1/evidence/"+x.packing+"/content", ""); !bytes.Equal(raw, snapshot(t, "SHOPCAM")) {
		t.Errorf("the shop does not get its own back: %d", res.StatusCode)
	}
	webm := m.bring("buyer", "/v1/claims/"+x.claim+"/evidence", "other", "video", "x.webm", "video/webm", append([]byte("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"), make([]byte, 600)...))
	if res, raw := m.do("shop", "GET", "/v1/evidence/"+webm+"/content", ""); res.StatusCode != http.StatusUnsupportedMediaType || !bytes.Contains(raw, []byte("no_copy")) {
		t.Errorf("the shop and a WebM film: %d %.100s", res.StatusCode, raw)
	}
}
