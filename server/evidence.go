package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// Bounds of one upload by form. Larger files come by tus.
const (
	formFields   = 4 << 10 // bytes of one field
	formOverhead = 1 << 20 // of boundaries and headers
)

// uploaded is a form after its file has come in: what an idempotency key
// covers, and what the desk is told.
type uploaded struct {
	Purpose  evidence.Purpose `json:"purpose"`
	Medium   evidence.Medium  `json:"medium"`
	Name     string           `json:"name"`
	Captured string           `json:"captured"`
	LineID   string           `json:"line_id"`
	Side     claim.Party      `json:"party"`
	SHA256   string           `json:"sha256"`
	Size     int64            `json:"size"`
	staged   desk.Staged      // dropped when the request ends, kept by the desk or not
}

func (u uploaded) upload() desk.Upload {
	return desk.Upload{Purpose: u.Purpose, Medium: u.Medium, Name: u.Name, Captured: u.Captured, LineID: u.LineID, Side: u.Side, Staged: u.staged}
}

var typeOfItem = reflect.TypeFor[evidence.Item]()

type exhibitInput struct {
	ClaimPath
	Evidence string `path:"evidence" maxLength:"64"`
}

type mediaOutput struct{ Body List[evidence.Item] }

func (s *Server) registerEvidence() {
	sides := Access{Roles: []access.Role{access.RoleBuyer, access.RoleMerchant, access.RoleIntegrator}, Scope: access.ScopeEvidenceWrite, Link: LinkClaim}
	shops := Access{Roles: []access.Role{access.RoleMerchant, access.RoleIntegrator}, Scope: access.ScopeEvidenceWrite}
	s.form("add-evidence", "/v1/claims/{id}/evidence", "evidence", sides, text.Both("Add a photo, a video or a statement to a claim", "为申请添加证据"), s.opt.Desk.MayAddTo, s.opt.Desk.AddEvidence)
	s.form("add-order-media", "/v1/orders/{id}/media", "orders", shops, text.Both("Add a listing or packing picture to an order", "为订单添加商品图或打包记录"), s.opt.Desk.MayAddToOrder, s.opt.Desk.AddOrderMedia)
	route(s, op("order-media", http.MethodGet, "/v1/orders/{id}/media", "orders", "", 200), Access{Roles: allRoles, Scope: access.ScopeOrdersRead}, text.Both("Listing and packing pictures of an order", "订单的商品图与打包记录"), func(ctx context.Context, in *OrderPath) (*mediaOutput, error) {
		list, err := s.opt.Desk.OrderMedia(ctx, CallerOf(ctx), in.ID)
		if list == nil {
			list = []evidence.Item{}
		}
		return &mediaOutput{Body: List[evidence.Item]{Items: list}}, err
	})
	buyers := Access{Roles: []access.Role{access.RoleBuyer, access.RoleIntegrator}, Scope: access.ScopeEvidenceWrite, Link: LinkClaim}
	route(s, op("withdraw-evidence", http.MethodDelete, "/v1/claims/{id}/evidence/{evidence}", "evidence", "Removes a piece of the buyer's evidence from a draft. Nothing and nobody looks at it any more; the record keeps that it was there. What has been submitted cannot be removed.", 200), buyers, text.Both("Remove evidence from a draft", "从草稿中移除证据"), func(ctx context.Context, in *exhibitInput) (*filedOutput, error) {
		got, err := s.opt.Desk.WithdrawEvidence(ctx, CallerOf(ctx), in.ID, in.Evidence)
		if err != nil {
			return nil, err
		}
		return filed(ctx, got), nil
	})
	content := op("evidence-content", http.MethodGet, "/v1/evidence/{id}/content", "evidence", "The bytes as they came, for staff and for the side that sent them. All others get a copy that says nothing of where, when and with what it was made: a photo as an upright JPEG of at most 4096 pixels, a film (MP4, MOV) with its pictures and sound alone; of other films there is none (415). Ranges work.", 200)
	content.Parameters = []*huma.Param{idParam()}
	content.Responses = map[string]*huma.Response{"200": {Description: "The bytes", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	s.handle(content, Access{Roles: allRoles, Scope: access.ScopeClaimsRead, Link: LinkEvidence}, text.Both("The bytes of a piece of evidence", "证据文件"), http.HandlerFunc(s.evidenceContent))
}

func idParam() *huma.Param {
	return &huma.Param{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString, MaxLength: ptr(64)}}
}

// form adds a route that takes a multipart form with one file.
func (s *Server) form(id, path, tag string, a Access, words text.Text, may func(context.Context, access.Caller, string) error, keep func(context.Context, access.Caller, string, desk.Upload) (evidence.Item, error)) {
	o := op(id, http.MethodPost, path, tag, "A form with the fields purpose, medium (photo, video or statement; photo unless said otherwise), captured, line_id and party (for whom a platform sends it), and last the file, up to 100 MB. Larger ones go to /v1/uploads.", 201)
	text := func() *huma.Schema { return &huma.Schema{Type: huma.TypeString} }
	o.Parameters = []*huma.Param{idParam()}
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"purpose", "file"}, Properties: map[string]*huma.Schema{
			"purpose": text(), "medium": text(), "captured": text(), "line_id": text(), "party": text(), "file": {Type: huma.TypeString, Format: "binary"},
		},
	}}}}
	schema := s.api.OpenAPI().Components.Schemas.Schema(typeOfItem, true, "Item")
	o.Responses = map[string]*huma.Response{"201": {Description: "Kept", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}}
	finish := func(w http.ResponseWriter, r *http.Request, u uploaded) {
		it, err := keep(r.Context(), CallerOf(r.Context()), r.PathValue("id"), u.upload())
		if err != nil {
			fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Location", "/v1/evidence/"+it.ID+"/content")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(it) // the client may be gone
	}
	s.handle(o, a, words, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := may(r.Context(), CallerOf(r.Context()), r.PathValue("id")); err != nil {
			fail(w, r, err)
			return
		}
		u, err := s.readForm(w, r)
		defer u.drop()
		if err != nil {
			fail(w, r, err)
			return
		}
		body, err := json.Marshal(u)
		if err != nil {
			fail(w, r, err)
			return
		}
		r = r.WithContext(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
		if key := r.Header.Get("Idempotency-Key"); key != "" {
			s.once(w, r, key, func(w http.ResponseWriter, r *http.Request) { finish(w, r, u) })
			return
		}
		finish(w, r, u)
	}))
}

// drop forgets the file of a form; what the desk kept stays.
func (u *uploaded) drop() {
	if u.staged != nil {
		u.staged.Drop()
	}
}

// readForm reads the fields and takes in the file, which is nobody's and gone
// with the request unless the desk keeps it. The caller drops it, also where
// there is an error.
func (s *Server) readForm(w http.ResponseWriter, r *http.Request) (u uploaded, err error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return u, text.Refuse(codeMediaType, "header.Content-Type", "Send multipart/form-data.", "请使用 multipart/form-data。")
	}
	patient(r)
	r.Body = http.MaxBytesReader(w, r.Body, desk.MaxPhoto+formOverhead)
	u.Medium = evidence.Photo
	parts := multipart.NewReader(r.Body, params["boundary"])
	for n := 0; n < 20; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return u, formError(err)
		}
		if part.FormName() == "file" {
			if u.staged != nil {
				return u, text.Refuse(text.CodeInvalid, "file", "Send one file at a time.", "每次只能提交一个文件。")
			}
			u.Name = strings.ToValidUTF8(part.FileName(), "")
			if u.staged, err = s.opt.Desk.Stage(r.Context(), part, desk.MaxPhoto); err != nil {
				return u, formError(err)
			}
			u.SHA256, u.Size = u.staged.SHA256(), u.staged.Size()
			continue
		}
		if err := u.field(part); err != nil {
			return u, err
		}
	}
	if u.staged == nil {
		return u, text.Refuse(text.CodeInvalid, "file", "The file is missing.", "缺少文件。")
	}
	return u, requestOf(r.Context()).still(r.Context())
}

// field reads one field of a form.
func (u *uploaded) field(part *multipart.Part) error {
	raw, err := io.ReadAll(io.LimitReader(part, formFields+1))
	if err != nil {
		return formError(err)
	}
	v, name := string(raw), part.FormName()
	if len(raw) > 200 || strings.ToValidUTF8(v, "") != v || strings.ContainsRune(v, 0) {
		return text.Refuse(text.CodeInvalid, "body.form", "A field is too long, or not UTF-8.", "字段过长或不是有效的 UTF-8。")
	}
	switch name {
	case "purpose":
		u.Purpose = evidence.Purpose(v)
	case "medium":
		u.Medium = evidence.Medium(v)
	case "captured":
		u.Captured = v
	case "line_id":
		u.LineID = v
	case "party":
		u.Side = claim.Party(v)
	default:
		return text.Refuse(text.CodeInvalid, "body.form", "There is no such field: use purpose, medium, captured, line_id, party and file.", "没有该字段，可用字段：purpose、medium、captured、line_id、party、file。")
	}
	return nil
}

// formError tells a form that is too large or broken from storage that fails.
func formError(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case isSlow(err):
		return err
	case errors.As(err, &tooLarge), errors.Is(err, desk.ErrTooLarge):
		return text.Refuse(text.CodeTooLarge, "file", "The file is larger than 100 MB; use /v1/uploads.", "文件超过 100 MB，请使用 /v1/uploads。")
	case errors.Is(err, io.ErrUnexpectedEOF), strings.HasPrefix(err.Error(), "multipart:"), strings.HasPrefix(err.Error(), "mime:"), strings.Contains(err.Error(), "MIME"):
		return text.Refuse(codeBadRequest, "body.form", "The form is not whole.", "表单不完整。")
	}
	return err
}

// evidenceContent sends the bytes of an item, or of a copy of it for whom may
// not have them as they came. They came from outside: the browser is told to
// believe the type, to run nothing and to keep it private.
func (s *Server) evidenceContent(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	it, original, err := s.opt.Desk.EvidenceContent(ctx, CallerOf(ctx), r.PathValue("id"))
	if err != nil {
		fail(w, r, err)
		return
	}
	tag := it.SHA256
	var from io.ReadSeeker
	if original {
		var size int64
		if size, err = s.opt.Desk.Blobs().Size(ctx, it.SHA256); err == nil {
			b := &blobReader{ctx: ctx, blobs: s.opt.Desk.Blobs(), sha: it.SHA256, size: size}
			defer b.Close() //nolint:errcheck // nothing was written
			from = b
		}
	} else {
		tag = it.SHA256[:min(32, len(it.SHA256))] + "-" + plainVersion
		if strings.Contains(r.Header.Get("If-None-Match"), strconv.Quote(tag)) { // before anything is decoded
			w.Header().Set("Cache-Control", keepPrivate)
			w.Header().Set("ETag", strconv.Quote(tag))
			w.WriteHeader(http.StatusNotModified)
			return
		}
		from, it.Type, err = s.gallery.Plain(ctx, it)
	}
	switch {
	case ctx.Err() != nil:
		return // nobody is there any more
	case err != nil:
		fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", it.Type)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Content-Disposition", disposition(it))
	h.Set("Cache-Control", keepPrivate)
	h.Set("ETag", strconv.Quote(tag))
	h.Set("Vary", varyByWho)
	http.ServeContent(w, r, "", it.ReceivedAt, from)
}

// keepPrivate lets a browser keep evidence, and nobody in between.
// It asks each time whether who looks may still see it: what is kept is not shown
// after signing out.
const keepPrivate = "private, no-cache"

// varyByWho names all by which somebody shows who they are.
const varyByWho = "Authorization, Cookie, " + headerLink

// plainVersion is that of how copies are made; raise it when the same evidence
// gives other bytes than before.
const plainVersion = "plain1"

// disposition shows pictures and films in place and offers the rest for
// keeping, by a name that is the same for all: what its sender called a file
// is nobody else's to read.
func disposition(it evidence.Item) string {
	kind := "inline"
	if it.Medium == evidence.Statement {
		kind = "attachment"
	}
	return kind + `; filename="` + mask.FileName(it) + `"`
}

// blobReader reads a blob as a file, opening it anew where it is moved.
type blobReader struct {
	ctx   context.Context
	blobs desk.Blobs
	sha   string
	size  int64
	at    int64
	open  io.ReadCloser
}

func (b *blobReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += b.at
	case io.SeekEnd:
		offset += b.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the start")
	}
	if b.open != nil && offset != b.at {
		_ = b.open.Close() // nothing was written
		b.open = nil
	}
	b.at = offset
	return offset, nil
}

func (b *blobReader) Read(p []byte) (n int, err error) {
	if b.at >= b.size {
		return 0, io.EOF
	}
	if b.open == nil {
		if b.open, err = b.blobs.Open(b.ctx, b.sha, b.at, -1); err != nil {
			return 0, err
		}
	}
	n, err = b.open.Read(p)
	b.at += int64(n)
	return n, err
}

// Close lets go of the blob.
func (b *blobReader) Close() error {
	if b.open == nil {
		return nil
	}
	return b.open.Close()
}
