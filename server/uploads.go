package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/tus/tusd/v2/pkg/filelocker"
	"github.com/tus/tusd/v2/pkg/filestore"
	tus "github.com/tus/tusd/v2/pkg/handler"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/text"
)

// UploadOptions say where unfinished uploads lie and what becomes of finished
// ones. Nodes that share the work share the folder (a network file system
// will do, the locks are files), or a load balancer keeps an upload's address
// on one node; finished bytes go to desk.Blobs and are everybody's. An upload
// that is lost with its node is begun anew by its client.
type UploadOptions struct {
	// Dir is the folder; empty: no uploads.
	Dir string
	// MaxSize is the most of one upload, in bytes; default 2 GiB.
	MaxSize int64
	// MaxOpen is how many unfinished uploads one caller may have; default 20.
	MaxOpen int
	// Expires is when an unfinished upload is removed; default 24 h after its
	// last byte.
	Expires time.Duration
	// Check refuses an upload before its first byte: not the caller's claim, not
	// now, more bytes than may be kept. Sizes count what is still being sent:
	// here to the same claim or order, mine by the same caller.
	Check func(ctx context.Context, by access.Caller, m UploadMeta, here, mine int64) error
	// Room refuses uploads, with all that are still to come, beyond what the
	// disk holds; nil: none.
	Room func(context.Context, int64) error
	// Finish takes a finished upload's bytes into the desk, under the id that
	// it had as an upload; it may be called again with the same one, and must
	// then answer the same. It answers with the id of the evidence.
	Finish func(context.Context, access.Caller, Upload) (evidenceID string, err error)
}

// UploadMeta is what a client may say of an upload, in Upload-Metadata.
type UploadMeta struct {
	ClaimID, OrderID, LineID       string
	Purpose, Party, Captured, Name string
}

// Upload is a finished one. Open may be called more than once.
type Upload struct {
	ID   string
	Meta UploadMeta
	Size int64
	Open func() (io.ReadCloser, error)
}

const uploadBase = "/v1/uploads/"

// uploadKeys are the metadata that are read, with their bounds in bytes.
var uploadKeys = map[string]int{"claim_id": 60, "order_id": 100, "line_id": 100, "purpose": 30, "party": 20, "captured": 20, "filename": 200, "filetype": 100}

var uploadID = regexp.MustCompile(`^[0-9a-f]{32}$`)

type uploads struct {
	s     *Server
	opt   UploadOptions
	store filestore.FileStore
	tus   *tus.UnroutedHandler

	mu sync.Mutex
	// announced are uploads that were let in and may not lie in the folder yet,
	// so that many at once are counted like one after the other. Nodes that
	// share the folder count their own alone for that moment.
	announced map[string]tus.FileInfo
}

// done is what is left of a finished upload until it expires, so that a client
// whose last answer was lost learns of it.
type done struct {
	Owner, Evidence string
	Size            int64
}

func (s *Server) registerUploads() error {
	o := s.opt.Uploads
	o.MaxSize = orElse(o.MaxSize, 2<<30)
	o.MaxOpen = orElse(o.MaxOpen, 20)
	o.Expires = orElse(o.Expires, 24*time.Hour)
	u := &uploads{s: s, opt: o, announced: map[string]tus.FileInfo{}}
	s.uploads = u
	if o.Dir == "" {
		return nil
	}
	if o.Check == nil || o.Finish == nil {
		return errors.New("server: uploads need Check and Finish")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return fmt.Errorf("folder of uploads: %w", err)
	}
	u.store = filestore.New(o.Dir)
	u.store.DirModePerm, u.store.FileModePerm = 0o700, 0o600
	composer := tus.NewStoreComposer()
	tusStore{u.store}.useIn(composer)
	filelocker.New(o.Dir).UseIn(composer)
	h, err := tus.NewUnroutedHandler(tus.Config{
		StoreComposer: composer, BasePath: uploadBase, MaxSize: o.MaxSize, DisableDownload: true, DisableConcatenation: true,
		Cors: &tus.CorsConfig{Disable: true}, Logger: quietLogger(), PreUploadCreateCallback: u.create, PreFinishResponseCallback: u.finish,
	})
	if err != nil {
		return fmt.Errorf("uploads: %w", err)
	}
	u.tus = h
	u.routes()
	return nil
}

func (u *uploads) routes() {
	a := Access{Roles: []access.Role{access.RoleBuyer, access.RoleMerchant, access.RoleIntegrator}, Scope: access.ScopeEvidenceWrite, Link: LinkOwn}
	add := func(id, method, path, en, zh string, h http.HandlerFunc) {
		op := huma.Operation{
			OperationID: id, Method: method, Path: path, Tags: []string{"evidence"},
			Description: "Resumable upload by tus 1.0 (https://tus.io). Upload-Metadata: claim_id or order_id, purpose, filename; optional line_id, party, captured, filetype. The last PATCH answers with Evidence-Id.",
		}
		if strings.Contains(path, "{id}") {
			op.Parameters = []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString, Pattern: uploadID.String()}}}
		}
		u.s.handle(op, a, text.Both(en, zh), h)
	}
	serve := func(h http.HandlerFunc) http.HandlerFunc {
		// tusd takes for the id what is left of the path without its base.
		inner := http.StripPrefix(strings.TrimSuffix(uploadBase, "/"), u.tus.Middleware(h))
		return func(w http.ResponseWriter, r *http.Request) {
			patient(r)
			p := &tusWriter{ResponseWriter: w, r: r}
			inner.ServeHTTP(p, r)
		}
	}
	add("begin-upload", http.MethodPost, "/v1/uploads", "Begin an upload", "开始上传", serve(u.tus.PostFile))
	add("upload-offset", http.MethodHead, uploadBase+"{id}", "How much has arrived", "查询上传进度", u.owned(serve(u.tus.HeadFile)))
	add("continue-upload", http.MethodPatch, uploadBase+"{id}", "Send more of an upload", "继续上传", u.owned(serve(u.tus.PatchFile)))
	add("abandon-upload", http.MethodDelete, uploadBase+"{id}", "Abandon an upload", "放弃上传", u.owned(serve(u.tus.DelFile)))
}

// ownerOf names a caller across requests. A link is one claim's alone, and one
// side's: buyers and merchants are numbered apart, so that one id may be both.
func ownerOf(c access.Caller) string {
	owner := string(c.Kind) + "/" + c.ID + "/" + c.Only
	if c.Kind == access.CallerLink {
		for _, r := range c.Roles {
			owner += "/" + string(r)
		}
	}
	return owner
}

// create checks an upload before it begins.
func (u *uploads) create(hook tus.HookEvent) (tus.HTTPResponse, tus.FileInfoChanges, error) {
	ctx, none := hook.Context, tus.FileInfoChanges{}
	c := CallerOf(ctx)
	refuse := func(err error) (tus.HTTPResponse, tus.FileInfoChanges, error) {
		return tus.HTTPResponse{}, none, tusError(ctx, err)
	}
	meta, err := readMeta(hook.Upload.MetaData)
	if err != nil {
		return refuse(err)
	}
	if hook.Upload.SizeIsDeferred || hook.Upload.Size <= 0 {
		return refuse(text.Refuse(text.CodeInvalid, "header.Upload-Length", "Say how many bytes it will be, more than none.", "请说明文件大小，且不能为空文件。"))
	}
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // never fails
	id := hex.EncodeToString(raw)
	kept := tus.MetaData{"owner": ownerOf(c)}
	for k := range uploadKeys {
		if v, ok := hook.Upload.MetaData[k]; ok {
			kept[k] = v
		}
	}
	if err := u.announce(ctx, c, meta, tus.FileInfo{ID: id, Size: hook.Upload.Size, MetaData: kept}); err != nil {
		return refuse(err)
	}
	return tus.HTTPResponse{}, tus.FileInfoChanges{ID: id, MetaData: kept}, nil
}

// announce lets an upload in where there is room for it beside all that are
// under way. One is looked at after the other.
func (u *uploads) announce(ctx context.Context, c access.Caller, m UploadMeta, info tus.FileInfo) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	now, err := u.underway(ownerOf(c), m)
	if err != nil {
		return err
	}
	if n := now.mine.uploads; n >= u.opt.MaxOpen {
		return text.Refuse(codeRate, "", fmt.Sprintf("You have %d unfinished uploads; finish or abandon one first.", n), fmt.Sprintf("您有 %d 个未完成的上传，请先完成或放弃。", n))
	}
	if err := u.opt.Check(ctx, c, m, info.Size+now.here.whole, info.Size+now.mine.whole); err != nil {
		return err
	}
	if u.opt.Room != nil {
		// Each is on the disk twice for a moment: as it came, and as it is kept.
		if err := u.opt.Room(ctx, 2*info.Size+now.all.missing); err != nil {
			return err
		}
	}
	u.announced[info.ID] = info
	time.AfterFunc(announcedFor, func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.announced, info.ID)
	})
	return nil
}

// announcedFor is longer than it takes to lay an upload's files down.
const announcedFor = 30 * time.Second

// readMeta refuses metadata that are not known, too long or not text.
func readMeta(m tus.MetaData) (UploadMeta, error) {
	for k, v := range m {
		bound, ok := uploadKeys[k]
		if !ok {
			return UploadMeta{}, text.Refuse(text.CodeInvalid, "header.Upload-Metadata", "There is no metadata of that name; see the documentation.", "不支持该元数据项，请查看文档。")
		}
		if len(v) > bound || !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
			return UploadMeta{}, text.Refuse(text.CodeInvalid, "header.Upload-Metadata", "The value of "+k+" is too long or not plain text.", k+" 的值过长或不是纯文本。")
		}
	}
	return UploadMeta{ClaimID: m["claim_id"], OrderID: m["order_id"], LineID: m["line_id"], Purpose: m["purpose"], Party: m["party"], Captured: m["captured"], Name: m["filename"]}, nil
}

// unfinished counts uploads: the bytes they will be, and those that are still
// to come.
type unfinished struct {
	uploads        int
	whole, missing int64
}

func (c *unfinished) add(info tus.FileInfo, have int64) {
	c.uploads++
	c.whole += info.Size
	c.missing += max(0, info.Size-have)
}

// underway are everybody's unfinished uploads, one owner's, and those to one
// claim or order.
type underway struct{ all, mine, here unfinished }

func (u *uploads) underway(owner string, m UploadMeta) (now underway, err error) {
	add := func(info tus.FileInfo, have int64) {
		now.all.add(info, have)
		if info.MetaData["owner"] == owner {
			now.mine.add(info, have)
		}
		if info.MetaData["claim_id"] == m.ClaimID && (m.ClaimID != "" || info.MetaData["order_id"] == m.OrderID) {
			now.here.add(info, have)
		}
	}
	lying := map[string]bool{}
	err = u.each(func(info tus.FileInfo, at os.FileInfo) {
		lying[info.ID] = true
		add(info, at.Size())
	})
	for id, info := range u.announced {
		if _, done := u.finished(id); !lying[id] && !done {
			add(info, 0)
		}
	}
	return now, err
}

// each visits all unfinished uploads.
func (u *uploads) each(f func(info tus.FileInfo, at os.FileInfo)) error {
	names, err := filepath.Glob(filepath.Join(u.opt.Dir, "*.info"))
	if err != nil {
		return fmt.Errorf("list uploads: %w", err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			continue // finished or abandoned meanwhile
		}
		var info tus.FileInfo
		if json.Unmarshal(raw, &info) != nil {
			continue
		}
		if at, err := os.Stat(strings.TrimSuffix(name, ".info")); err == nil {
			f(info, at)
		}
	}
	return nil
}

// owned lets only the one who began an upload go on with it; to all others
// there is none. Finished ones answer HEAD.
func (u *uploads) owned(next http.HandlerFunc) http.HandlerFunc {
	none := text.Refuse(text.CodeNotFound, "", "There is no such upload, or it has expired.", "上传不存在或已过期。")
	return func(w http.ResponseWriter, r *http.Request) {
		id, owner := r.PathValue("id"), ownerOf(CallerOf(r.Context()))
		if !uploadID.MatchString(id) {
			fail(w, r, none)
			return
		}
		if d, ok := u.finished(id); ok {
			if d.Owner != owner || r.Method != http.MethodHead {
				fail(w, r, none)
				return
			}
			h := w.Header()
			h.Set("Tus-Resumable", "1.0.0")
			h.Set("Upload-Offset", strconv.FormatInt(d.Size, 10))
			h.Set("Upload-Length", strconv.FormatInt(d.Size, 10))
			h.Set("Evidence-Id", d.Evidence)
			w.WriteHeader(http.StatusOK)
			return
		}
		info, err := u.info(r.Context(), id)
		if err != nil || info.MetaData["owner"] != owner {
			fail(w, r, none)
			return
		}
		if r.Method == http.MethodPatch && info.Offset == info.Size {
			u.again(w, r, info)
			return
		}
		next(w, r)
	}
}

func (u *uploads) info(ctx context.Context, id string) (tus.FileInfo, error) {
	up, err := u.store.GetUpload(ctx, id)
	if err != nil {
		return tus.FileInfo{}, err
	}
	return up.GetInfo(ctx)
}

// again takes in an upload whose bytes had all arrived when something failed.
func (u *uploads) again(w http.ResponseWriter, r *http.Request, info tus.FileInfo) {
	if _, err := u.take(r.Context(), info); err != nil {
		fail(w, r, err)
		return
	}
	d, _ := u.finished(info.ID)
	h := w.Header()
	h.Set("Tus-Resumable", "1.0.0")
	h.Set("Upload-Offset", strconv.FormatInt(info.Size, 10))
	h.Set("Evidence-Id", d.Evidence)
	w.WriteHeader(http.StatusNoContent)
}

// finish is called by tus when the last byte has arrived, before it answers.
func (u *uploads) finish(hook tus.HookEvent) (tus.HTTPResponse, error) {
	evidenceID, err := u.take(hook.Context, hook.Upload)
	if err != nil {
		return tus.HTTPResponse{}, tusError(hook.Context, err)
	}
	return tus.HTTPResponse{Header: tus.HTTPHeader{"Evidence-Id": evidenceID}}, nil
}

// take hands an upload to the desk, notes that, and removes the bytes. What
// the desk refuses for good is removed as well.
func (u *uploads) take(ctx context.Context, info tus.FileInfo) (evidenceID string, err error) {
	meta, err := readMeta(withoutOwner(info.MetaData))
	if err != nil {
		return "", err
	}
	if err := requestOf(ctx).still(ctx); err != nil {
		return "", err
	}
	path := filepath.Join(u.opt.Dir, info.ID)
	evidenceID, err = u.opt.Finish(ctx, CallerOf(ctx), Upload{
		ID: info.ID, Meta: meta, Size: info.Size, Open: func() (io.ReadCloser, error) { return os.Open(path) },
	})
	if err != nil {
		if _, refused := text.AsRefusal(err); refused {
			u.remove(info.ID)
		}
		return "", fmt.Errorf("take in upload %s: %w", info.ID, err)
	}
	raw, err := json.Marshal(done{Owner: info.MetaData["owner"], Evidence: evidenceID, Size: info.Size})
	if err == nil {
		err = os.WriteFile(path+".done", raw, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("note upload %s: %w", info.ID, err)
	}
	u.s.figures.uploaded.Add(float64(info.Size))
	u.remove(info.ID)
	return evidenceID, nil
}

func withoutOwner(m tus.MetaData) tus.MetaData {
	out := tus.MetaData{}
	for k, v := range m {
		if k != "owner" {
			out[k] = v
		}
	}
	return out
}

func (u *uploads) finished(id string) (d done, ok bool) {
	raw, err := os.ReadFile(filepath.Join(u.opt.Dir, id+".done"))
	return d, err == nil && json.Unmarshal(raw, &d) == nil
}

// remove forgets an upload's bytes; what is not there is no matter.
func (u *uploads) remove(id string) {
	for _, suffix := range []string{"", ".info"} {
		_ = os.Remove(filepath.Join(u.opt.Dir, id+suffix))
	}
}

// sweep removes what has been lying for too long, whole uploads and what a
// node that was killed left of one.
func (u *uploads) sweep(now time.Time) error {
	old := now.Add(-u.opt.Expires)
	entries, err := os.ReadDir(u.opt.Dir)
	if err != nil {
		return fmt.Errorf("list uploads: %w", err)
	}
	fresh := map[string]bool{}
	for _, e := range entries {
		if at, err := e.Info(); err == nil && at.ModTime().After(old) {
			fresh[uploadOf(e.Name())] = true
		}
	}
	for _, e := range entries {
		if id := uploadOf(e.Name()); uploadID.MatchString(id) && !fresh[id] {
			_ = os.Remove(filepath.Join(u.opt.Dir, e.Name()))
		}
	}
	return nil
}

// uploadOf is the id that a file of an upload belongs to.
func uploadOf(name string) string {
	id, _, _ := strings.Cut(name, ".")
	return id
}

// sweepEvery sweeps in the background until ctx ends.
func (u *uploads) sweepEvery(ctx context.Context, d time.Duration) {
	if u.opt.Dir == "" {
		return
	}
	go func() {
		tick := time.NewTicker(d)
		defer tick.Stop()
		for {
			if err := u.sweep(time.Now()); err != nil {
				u.s.log.Error("sweep uploads", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
}
