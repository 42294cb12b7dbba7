package server

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/dossier"
)

func (m *market) checked(data []byte) (dossier.Report, int) {
	m.t.Helper()
	res, raw := m.do("", "POST", "/v1/dossiers/check", string(data), "Content-Type", "application/zip")
	var r dossier.Report
	if err := json.Unmarshal(raw, &r); err != nil {
		m.t.Fatalf("%d %s", res.StatusCode, raw)
	}
	return r, res.StatusCode
}

func TestDossierOverHTTP(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	key := m.ok("", "GET", "/v1/dossiers/key", "")
	if key["algorithm"] != "Ed25519" || !strings.Contains(key["pem"].(string), "BEGIN PUBLIC KEY") {
		t.Errorf("the key: %v", key)
	}
	for _, who := range []string{"buyer", "shop", "ann", "opal", "audrey", "platform"} {
		res, raw := m.do(who, "GET", "/v1/claims/"+x.claim+"/dossier", "")
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/zip" || !strings.Contains(res.Header.Get("Content-Disposition"), x.claim) || res.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %d %v", who, res.StatusCode, res.Header)
		}
		r, _ := m.checked(raw)
		if !r.Whole || !r.Ours || r.ClaimID != x.claim || r.KeyID != key["id"] {
			t.Errorf("%s gets %+v", who, r)
		}
		if tells := bytes.Contains(raw, []byte(`"proposal"`)); tells && (who == "buyer" || who == "shop") {
			t.Errorf("%s is told what was proposed", who)
		}
		raw[bytes.Index(raw, []byte(x.claim))] ^= 1 // in claim.json
		if r, status := m.checked(raw); status != 200 || r.Whole || len(r.Problems) == 0 {
			t.Errorf("a changed byte: %d %+v", status, r)
		}
	}
	if r, status := m.checked([]byte("no dossier at all")); status != 200 || r.Whole || r.Problems[0].Code != "not_a_dossier" {
		t.Errorf("words: %d %+v", status, r)
	}
	m.person("stranger", account.Profile{Roles: []access.Role{access.RoleBuyer}, Party: "b9"})
	if res, raw := m.do("stranger", "GET", "/v1/claims/"+x.claim+"/dossier", ""); res.StatusCode != 404 || bytes.Contains(raw, []byte("PK")) {
		t.Errorf("a stranger: %d", res.StatusCode)
	}
}

func TestCheckingDossiersIsBounded(t *testing.T) {
	m := newMarket(t)
	// One at a time from one address: the first is still sending.
	sending, first := io.Pipe()
	began := make(chan int, 1)
	go func() {
		r, err := http.NewRequestWithContext(t.Context(), "POST", m.url+"/v1/dossiers/check", sending)
		if err != nil {
			began <- 0
			return
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			began <- 0
			return
		}
		_ = res.Body.Close()
		began <- res.StatusCode
	}()
	_, _ = first.Write([]byte("PK"))
	// Each try counts against the rate, so that there are few of them, however long the first takes to arrive.
	for pause := 10 * time.Millisecond; ; pause *= 2 {
		res, _ := m.do("", "POST", "/v1/dossiers/check", "x")
		if res.StatusCode == 429 && res.Header.Get("Retry-After") == "60" {
			break
		}
		if pause > 5*time.Second {
			t.Fatalf("two at once: %d", res.StatusCode)
		}
		time.Sleep(pause)
	}
	_ = first.Close()
	if status := <-began; status != 200 {
		t.Errorf("the first one: %d", status)
	}
	last := 0
	for range checkRate.Burst {
		res, _ := m.do("", "POST", "/v1/dossiers/check", "x")
		last = res.StatusCode
	}
	if last != 429 {
		t.Errorf("after %d in a row: %d", checkRate.Burst, last)
	}
}
