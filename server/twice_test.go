package server

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// sends is the answer to a picture sent by form.
func (m *market) sends(who, path, purpose, bytesOf string, header ...string) (*http.Response, Problem, map[string]any) {
	m.t.Helper()
	form := &bytes.Buffer{}
	w := multipart.NewWriter(form)
	_ = w.WriteField("purpose", purpose)
	f, _ := w.CreateFormFile("file", "x.jpg")
	fmt.Fprintf(f, "\xff\xd8\xff\xe0 %s", bytesOf)
	_ = w.Close()
	res, raw := m.do(who, "POST", path, form.String(), append([]string{"Content-Type", w.FormDataContentType()}, header...)...)
	var p Problem
	var item map[string]any
	_, _ = json.Unmarshal(raw, &p), json.Unmarshal(raw, &item)
	return res, p, item
}

// TestTheSameFileTwice: in one filing the very same bytes count once, whoever
// brings them; the answer names the slot where they are. Another filing, and the
// other side, may have them.
func TestTheSameFileTwice(t *testing.T) {
	m := newMarket(t)
	m.ok("platform", "PUT", "/v1/merchants/m1", `{"name":"Shop"}`)
	filed := func() string {
		c := m.ok("buyer", "POST", "/v1/claims", `{"order_id":"`+m.order()+`","kind":"return_refund","reason":"damaged","story":"x"}`)
		return c["claim"].(map[string]any)["id"].(string)
	}
	id := filed()
	path := "/v1/claims/" + id + "/evidence"
	first := m.attach("buyer", path, "whole", "one photo")
	for who, header := range map[string][]string{
		"buyer":    {},
		"":         {"X-Evenhand-Link", m.link(id, "buyer")},
		"platform": {},
	} {
		for _, tt := range []struct{ purpose, language, want string }{
			{"close_up", "en", "“The whole article”; “The fault, close up” needs another one"},
			{"close_up", "zh-CN", "已作为“商品全貌”提交，“问题特写”请另拍一份"},
			{"whole", "en", "is here already, as “The whole article”"},
			{"whole", "zh-CN", "已作为“商品全貌”提交，无需重复上传"},
		} {
			res, p, _ := m.sends(who, path, tt.purpose, "one photo", append([]string{"Accept-Language", tt.language}, header...)...)
			if res.StatusCode != 422 || p.Code != "duplicate" || !strings.Contains(p.Detail, tt.want) {
				t.Errorf("%q as %s: %d %+v", who, tt.purpose, res.StatusCode, p)
			}
		}
	}
	if res, p, _ := m.sends("buyer", "/v1/claims/"+filed()+"/evidence", "whole", "one photo"); res.StatusCode != 201 {
		t.Errorf("in another filing: %d %+v", res.StatusCode, p)
	}
	m.ok("buyer", "DELETE", path+"/"+first, "")
	if res, p, _ := m.sends("buyer", path, "close_up", "one photo"); res.StatusCode != 201 {
		t.Errorf("after it was taken out: %d %+v", res.StatusCode, p)
	}
	m.attach("buyer", path, "whole", "another photo")
	m.ok("buyer", "POST", "/v1/claims/"+id+"/submit", "", "If-Match", m.tag("buyer", id))
	if res, p, _ := m.sends("shop", path, "other", "one photo"); res.StatusCode != 201 {
		t.Errorf("by the shop: %d %+v", res.StatusCode, p)
	}
}

// TestTheSameFileTwiceByUpload: resumable uploads too. The same slot answers
// with what is there, since a client whose last answer was lost asks again.
func TestTheSameFileTwiceByUpload(t *testing.T) {
	m := newMarket(t)
	c := m.ok("buyer", "POST", "/v1/claims", `{"order_id":"`+m.order()+`","kind":"return_refund","reason":"damaged","story":"x"}`)
	id := c["claim"].(map[string]any)["id"].(string)
	upload := func(purpose string) (*http.Response, string) {
		data := "\xff\xd8\xff\xe0 one photo"
		said := "claim_id " + base64.StdEncoding.EncodeToString([]byte(id)) + ",purpose " + base64.StdEncoding.EncodeToString([]byte(purpose))
		res, raw := m.do("buyer", "POST", "/v1/uploads", "", "Tus-Resumable", "1.0.0", "Upload-Length", fmt.Sprint(len(data)), "Upload-Metadata", said)
		at := res.Header.Get("Location")
		if res.StatusCode != 201 {
			t.Fatalf("%d %s", res.StatusCode, raw)
		}
		at = at[strings.Index(at, "/v1/"):]
		res, raw = m.do("buyer", "PATCH", at, data, "Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream", "Accept-Language", "en")
		return res, string(raw)
	}
	res, raw := upload("whole")
	first := res.Header.Get("Evidence-Id")
	if first == "" {
		t.Fatalf("%d %s", res.StatusCode, raw)
	}
	if res, raw := upload("whole"); res.Header.Get("Evidence-Id") != first {
		t.Errorf("the same slot: %d %s", res.StatusCode, raw)
	}
	if res, raw := upload("close_up"); res.StatusCode != 422 || !strings.Contains(raw, `"duplicate"`) || !strings.Contains(raw, "The whole article") {
		t.Errorf("another slot: %d %s", res.StatusCode, raw)
	}
}
