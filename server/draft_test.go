package server

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk/account"
)

// TestDraftIsAmended changes what a draft asks for until it is sent, and not after.
func TestDraftIsAmended(t *testing.T) {
	m := newMarket(t)
	order := m.order()
	filed := m.ok("buyer", "POST", "/v1/claims", `{"order_id":"`+order+`","kind":"return_refund","reason":"damaged"}`)
	id := filed["claim"].(map[string]any)["id"].(string)
	m.attach("buyer", "/v1/claims/"+id+"/evidence", "whole", "whole")
	put := func(who, body string) (int, string) {
		res, raw := m.do(who, "PUT", "/v1/claims/"+id+"/draft", body, "If-Match", m.tag("opal", id))
		return res.StatusCode, string(raw)
	}
	for body, want := range map[string]int{
		`{"kind":"partial_refund","reason":"damaged","story":"x"}`:                                 422, // the whole value is no part
		`{"kind":"repair","reason":"damaged","ask":{"amount":99999999,"currency":"CNY"}}`:          422,
		`{"kind":"repair","reason":"damaged","line_ids":["no such line"]}`:                         422,
		`{"kind":"refund_only","reason":"not_received","story":"It never came.","line_ids":["1"]}`: 200,
	} {
		if got, raw := put("buyer", body); got != want {
			t.Errorf("%s: %d %s", body, got, raw)
		}
	}
	if got, _ := put("shop", `{"kind":"repair","reason":"damaged"}`); got != 403 && got != 404 {
		t.Errorf("the shop amends: %d", got)
	}
	c := m.ok("buyer", "GET", "/v1/claims/"+id, "")["claim"].(map[string]any)
	if c["reason"] != "not_received" || c["story"] != "It never came." || fmt.Sprint(c["line_ids"]) != "[1]" || len(c["evidence"].([]any)) != 1 {
		t.Errorf("after the change: %v", c)
	}
	m.move("buyer", id, "/submit", "", claim.AskedShop)
	if got, raw := put("buyer", `{"kind":"repair","reason":"damaged"}`); got != 409 {
		t.Errorf("after submission: %d %s", got, raw)
	}
	res, raw := m.do("buyer", "PUT", "/v1/claims/"+id+"/draft", `{"kind":"repair","reason":"damaged"}`, "If-Match", `"1"`)
	if res.StatusCode != 412 {
		t.Errorf("from an old version: %d %s", res.StatusCode, raw)
	}
}

// TestEvidenceIsRemovedFromADraft: the buyer's side takes a picture out of its
// draft, and from then on it is nowhere but in the record.
func TestEvidenceIsRemovedFromADraft(t *testing.T) {
	m := newMarket(t)
	filed := m.ok("buyer", "POST", "/v1/claims", `{"order_id":"`+m.order()+`","kind":"return_refund","reason":"damaged","story":"x"}`)
	id := filed["claim"].(map[string]any)["id"].(string)
	need := len(filed["missing"].([]any))
	path := "/v1/claims/" + id + "/evidence"
	wrong := m.attach("buyer", path, "whole", "the wrong picture")
	statusOf := func(who, evidence string, header ...string) int {
		res, raw := m.do(who, "DELETE", path+"/"+evidence, "", header...)
		if strings.Contains(string(raw), "wrong picture") {
			t.Errorf("told: %s", raw)
		}
		return res.StatusCode
	}
	m.person("buyer2", account.Profile{Roles: []access.Role{access.RoleBuyer}, Party: "b2"})
	reads := m.key("", access.ScopeClaimsRead, access.ScopeEvidenceWrite)
	for who, got := range map[string]int{
		"the shop": statusOf("shop", wrong), "a reviewer": statusOf("ann", wrong), "an operator": statusOf("opal", wrong), "another buyer": statusOf("buyer2", wrong),
		"a key that may not write claims":  statusOf("", wrong, "Authorization", "Bearer "+reads),
		"a key of the shop":                statusOf("", wrong, "Authorization", "Bearer "+m.key("m1", access.ScopeAll)),
		"the buyer, what there is not":     statusOf("buyer", "none"),
		"the buyer, another claim's thing": statusOf("buyer", m.scene().item),
	} {
		if got != 403 && got != 404 {
			t.Errorf("%s: %d", who, got)
		}
	}
	out := m.ok("buyer", "DELETE", path+"/"+wrong, "")
	if c := out["claim"].(map[string]any); len(out["missing"].([]any)) != need || c["evidence"] != nil || fmt.Sprint(c["withdrawn"]) != "["+wrong+"]" {
		t.Errorf("removed: %v", out)
	}
	if got := statusOf("buyer", wrong); got != 404 {
		t.Errorf("removed twice: %d", got)
	}
	// A link of the buyer's and the platform itself may do it, too.
	byLink := m.attach("buyer", path, "close_up", "another wrong picture")
	if got := statusOf("", byLink, "X-Evenhand-Link", m.link(id, "buyer")); got != 200 {
		t.Errorf("by link: %d", got)
	}
	byPlatform := m.attach("platform", path, "other", "one more wrong picture")
	m.ok("platform", "DELETE", path+"/"+byPlatform, "")
	if res, raw := m.do("buyer", "POST", "/v1/claims/"+id+"/submit", "", "If-Match", m.tag("buyer", id)); res.StatusCode != 422 {
		t.Errorf("submitted without what was removed: %d %s", res.StatusCode, raw)
	}
	right := m.attach("buyer", path, "whole", "the right picture")
	m.attach("buyer", path, "close_up", "near")
	m.move("buyer", id, "/submit", "", claim.AskedShop)
	if res, raw := m.do("buyer", "DELETE", path+"/"+right, ""); res.StatusCode != 409 {
		t.Errorf("removed after submission: %d %s", res.StatusCode, raw)
	}
	for _, who := range []string{"buyer", "shop", "ann", "opal", "platform"} {
		if n := len(m.ok(who, "GET", "/v1/claims/"+id, "")["evidence"].([]any)); n != 2 {
			t.Errorf("%s sees %d pieces of evidence", who, n)
		}
		for _, of := range []string{"/content", "/preview?size=320", "/picture", "/alignments", "/sightings?x=0.1&y=0.1&width=0.2&height=0.2"} {
			if res, _ := m.do(who, "GET", "/v1/evidence/"+wrong+of, ""); res.StatusCode != 404 && res.StatusCode != 403 {
				t.Errorf("%s gets %s of it: %d", who, of, res.StatusCode)
			}
		}
	}
	for _, p := range []string{"", "/explanation"} {
		if _, raw := m.do("shop", "GET", "/v1/claims/"+id+p, ""); strings.Contains(string(raw), "withdrawn") || strings.Contains(string(raw), wrong) {
			t.Errorf("the shop reads of it in %q: %s", p, raw)
		}
	}
	_, raw := m.do("opal", "GET", "/v1/claims/"+id+"/events", "")
	if n := strings.Count(string(raw), `"claim.evidence_withdrawn"`); n != 3 {
		t.Errorf("the record has %d removals", n)
	}
	_, file := m.do("shop", "GET", "/v1/claims/"+id+"/dossier", "")
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	media := 0
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(r)
		if strings.Contains(string(data), "wrong picture") || strings.Contains(string(data), wrong) {
			t.Errorf("%s of the shop's dossier has it", f.Name)
		}
		if strings.HasPrefix(f.Name, "evidence/") {
			media++
		}
		if f.Name == "claim.json" { // what is no picture is withheld from the other side
			media += strings.Count(string(data), `"withheld": true`)
		}
	}
	if media != 2 {
		t.Errorf("the dossier has %d pieces of evidence", media)
	}
	// It stays the buyer's to know.
	if _, raw := m.do("platform", "GET", "/v1/buyers/b1/export", ""); !strings.Contains(string(raw), wrong) {
		t.Errorf("the export of the person's data: %.500s", raw)
	}
}
