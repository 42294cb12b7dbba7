package server

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/dossier"
	"github.com/evenhand/evenhand/text"
)

// Bounds of checking dossiers, which anybody may ask for.
const (
	checkBytes    = 1 << 30 // of one upload
	checkUnpacked = 2 << 30 // of what packed files in it may come to
	checksAtOnce  = 4       // each may lie on the disk while it lasts
)

// checkRate is how many dossiers one address may have checked.
var checkRate = Rate{PerSecond: 1.0 / 30, Burst: 20}

type dossierKeyOutput struct{ Body dossier.Key }

func (s *Server) registerDossiers() {
	get := op("dossier", http.MethodGet, "/v1/claims/{id}/dossier", "claims", "A ZIP of what the caller may see of the claim: its record, its evidence, and a signed list of all of it. Staff get all evidence byte for byte as it came, for a court among others; a side its own so, and of the other's copies without metadata. README.txt in it says how to check it.", 200)
	get.Parameters = []*huma.Param{idParam()}
	get.Responses = map[string]*huma.Response{"200": {Description: "The dossier", Content: map[string]*huma.MediaType{"application/zip": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	s.handle(get, Access{Roles: allRoles, Scope: access.ScopeClaimsRead, Link: LinkClaim}, text.Both("A claim with all its evidence in one file that checks offline", "导出可离线核验的证据包"), http.HandlerFunc(s.dossier))
	route(s, op("dossier-key", http.MethodGet, "/v1/dossiers/key", "dossiers", "", 200), Access{Public: true}, text.Both("The public key that this desk signs dossiers with", "证据包签名公钥"), func(ctx context.Context, _ *struct{}) (*dossierKeyOutput, error) {
		k, err := dossier.PublicKey(ctx, s.opt.Store)
		return &dossierKeyOutput{Body: k}, err
	})
	check := op("check-dossier", http.MethodPost, "/v1/dossiers/check", "dossiers", "The body is the ZIP, at most 1 GiB. What is wrong with it is told in the answer; evenhand verify-dossier does the same offline. Nothing of it is kept.", 200)
	check.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/zip": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[dossier.Report](), true, "Report")
	check.Responses = map[string]*huma.Response{"200": {Description: "What was found", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}}
	s.handle(check, Access{Public: true}, text.Both("Check whether a dossier is whole, and ours", "核验证据包"), &checkDesk{s: s, rate: newLimiter("dossier", checkRate, s.opt.Now), busy: map[string]bool{}})
}

// dossier sends a claim's dossier. Where it breaks off the connection is cut,
// so that nobody takes the part for the whole.
func (s *Server) dossier(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	d, err := dossier.Prepare(ctx, s.opt.Desk, s.opt.Store, s.gallery, CallerOf(ctx), r.PathValue("id"), strings.TrimSuffix(s.opt.PublicURL, "/"))
	if err != nil {
		fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+d.Name()+`"`)
	if r.Method == http.MethodHead {
		return
	}
	if err := d.Write(ctx, w); err != nil {
		if ctx.Err() == nil {
			s.log.ErrorContext(ctx, "a dossier broke off", "request", requestOf(ctx).ID, "error", err.Error())
		}
		panic(http.ErrAbortHandler)
	}
}

// checkDesk checks dossiers of strangers: a few at once, one an address.
type checkDesk struct {
	s    *Server
	rate *limiter
	mu   sync.Mutex
	busy map[string]bool // by address
}

func (c *checkDesk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := limitKey(requestOf(r.Context()).Address)
	if !c.rate.limit(w, r, key) {
		return
	}
	if !c.enter(key) {
		p := problemOf(requestOf(r.Context()), text.Refuse(codeRate, "", "Other dossiers are being checked; try again in a minute.", "正在核验其他证据包，请一分钟后重试。"))
		p.retryAfter = 60
		fail(w, r, p)
		return
	}
	defer c.leave(key)
	report, err := c.check(w, r)
	if err != nil {
		fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(report) // the client may be gone
}

func (c *checkDesk) enter(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.busy) >= checksAtOnce || c.busy[key] {
		return false
	}
	c.busy[key] = true
	return true
}

func (c *checkDesk) leave(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.busy, key)
}

// check lays the body on the disk, for a ZIP is read from its end, and reads it.
func (c *checkDesk) check(w http.ResponseWriter, r *http.Request) (out dossier.Report, err error) {
	patient(r)
	f, err := os.CreateTemp("", "evenhand-dossier-")
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	size, err := io.Copy(f, http.MaxBytesReader(w, r.Body, checkBytes))
	if err != nil {
		return out, uploadError(err)
	}
	private, err := dossier.SigningKey(r.Context(), c.s.opt.Store)
	if err != nil {
		return out, err
	}
	ours, _ := private.Public().(ed25519.PublicKey)
	return dossier.Check(r.Context(), f, size, ours, checkUnpacked)
}

// uploadError tells a body that is too large or broken off from a full disk.
func uploadError(err error) error {
	var tooLarge *http.MaxBytesError
	var disk *os.PathError
	switch {
	case isSlow(err):
		return err
	case errors.As(err, &tooLarge):
		return text.Refuse(text.CodeTooLarge, "body.", "The file is larger than 1 GiB: check it with evenhand verify-dossier.", "文件超过 1 GiB，请使用 evenhand verify-dossier 核验。")
	case errors.As(err, &disk):
		return err
	}
	return text.Refuse(codeBadRequest, "body.", "The file did not arrive whole.", "文件未完整上传。")
}
