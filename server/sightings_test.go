package server

import (
	"bytes"
	"context"
	"testing"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// sees answers of every photo that the place is there.
type sees struct{}

func (sees) Sight(_ context.Context, _ string, b evidence.Item, place evidence.Region) (evidence.Finding, error) {
	return evidence.Finding{
		Code: evidence.AngleConsistent, Strength: evidence.Weak, Stance: evidence.For, Reference: b.ID,
		Regions: []evidence.Region{place}, Text: text.Text{EN: "It is there.", ZH: "看得到。"},
		Measured: map[string]float64{"there_x": 0.5},
	}, nil
}

func TestSightingsOverHTTP(t *testing.T) {
	m := newMarket(t, func(o *desk.Options) { o.Sight = sees{} })
	x := m.scene()
	at := "/v1/evidence/" + x.item + "/sightings"
	const place = "?x=0.1&y=0.2&width=0.3&height=0.25"
	items := m.ok("ann", "GET", at+place, "")["items"].([]any)
	if len(items) == 0 {
		t.Fatal("nobody was asked")
	}
	for _, i := range items {
		s := i.(map[string]any)
		f := s["finding"].(map[string]any)
		if s["photo"] == x.item || s["photo"] == x.media || s["photo"] != f["reference"] || f["measured"].(map[string]any)["there_x"] != 0.5 {
			t.Errorf("%v", s)
		}
		if r := f["regions"].([]any)[0].(map[string]any); r["x"] != 0.1 || r["y"] != 0.2 || r["width"] != 0.3 || r["height"] != 0.25 || r["kind"] != "asked" {
			t.Errorf("asked about %v", r)
		}
	}
	for path, field := range map[string]string{
		at:                                               "query.x",
		at + "?x=0.1&y=0.2&width=0.3":                    "query.height",
		at + "?x=NaN&y=0.2&width=0.3&height=0.1":         "query.x",
		at + "?x=0.1&y=0.2&width=0.3&height=Inf":         "query.height",
		at + "?x=0.1&y=0.2&width=0.01&height=.1":         "query.width",
		at + "?x=0.9&y=0.2&width=0.3&height=0.1":         "query.width",
		at + "?x=0&y=0&width=1&height=1":                 "query.width",
		"/v1/evidence/" + x.media + "/sightings" + place: "path.id",
	} {
		res, raw := m.do("ann", "GET", path, "")
		if res.StatusCode != 422 || !bytes.Contains(raw, []byte(`"`+field+`"`)) {
			t.Errorf("%s: %d %s, want %s", path, res.StatusCode, raw, field)
		}
	}
	for who, want := range map[string]int{"": 401, "buyer": 403, "shop": 403, "platform": 403} {
		if res, raw := m.do(who, "GET", at+place, ""); res.StatusCode != want {
			t.Errorf("%q: %d %s", who, res.StatusCode, raw)
		}
	}
	if res, _ := m.do("ann", "GET", "/v1/evidence/none/sightings"+place, ""); res.StatusCode != 404 {
		t.Errorf("of nothing: %d", res.StatusCode)
	}
}
