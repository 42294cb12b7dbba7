package server

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/gallery"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// drawn is the version of how pictures are made ready; raise it when the same
// evidence gives other bytes than before, for browsers keep them.
const drawn = "1"

type (
	pictureOutput    struct{ Body gallery.Picture }
	alignmentsOutput struct{ Body List[desk.Alignment] }
)

func (s *Server) registerPictures() {
	seen := Access{Roles: allRoles, Scope: access.ScopeClaimsRead, Link: LinkEvidence}
	route(s, op("evidence-picture", http.MethodGet, "/v1/evidence/{id}/picture", "evidence", "Sizes are those of the upright picture. Level 0 of the tiles is full size, each further level half of the one before, and the last fits one tile.", 200),
		seen, text.Both("What a screen must know of a photo or a film", "照片或视频的显示信息"), func(ctx context.Context, in *EvidencePath) (*pictureOutput, error) {
			it, _, err := s.opt.Desk.EvidenceContent(ctx, CallerOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			p, err := s.gallery.Describe(ctx, it)
			return &pictureOutput{Body: p}, err
		})
	route(s, op("evidence-alignments", http.MethodGet, "/v1/evidence/{id}/alignments", "evidence", "The best first. Where the photo was not found to share pixels with any, the order's own photos are listed with matrix null, the listing first.", 200),
		Access{Roles: staffRoles}, text.Both("How the pictures that a photo is compared with lie in it", "对照图与照片的对齐关系"), func(ctx context.Context, in *EvidencePath) (*alignmentsOutput, error) {
			list, err := s.opt.Desk.Alignments(ctx, CallerOf(ctx), in.ID)
			return &alignmentsOutput{Body: List[desk.Alignment]{Items: list}}, err
		})
	preview := op("evidence-preview", http.MethodGet, "/v1/evidence/{id}/preview", "evidence", "Upright and without metadata; its longer side is at most size, and never longer than the photo's own. A film has none (415).", 200)
	preview.Parameters = []*huma.Param{idParam(), {Name: "size", In: "query", Description: "The longer side, in pixels; 640 unless said otherwise", Schema: &huma.Schema{Type: huma.TypeInteger, Enum: []any{320, 640, 1280, 1920}}}}
	preview.Responses = jpegAnswer()
	s.handle(preview, seen, text.Both("A photo made small", "照片预览"), s.drawing(func(r *http.Request, it evidence.Item) ([]byte, error) {
		size, err := strconv.Atoi(orElse(r.URL.Query().Get("size"), "640"))
		if err != nil {
			size = 0 // none of those there are
		}
		return s.gallery.Preview(r.Context(), it, size)
	}))
	tile := op("evidence-tile", http.MethodGet, "/v1/evidence/{id}/tiles/{level}/{x}/{y}", "evidence", "At most 512 by 512 pixels: column x and row y, both from 0, of a level that /picture tells.", 200)
	tile.Parameters = []*huma.Param{idParam(), number("level"), number("x"), number("y")}
	tile.Responses = jpegAnswer()
	s.handle(tile, seen, text.Both("A tile of a photo", "照片瓦片"), s.drawing(func(r *http.Request, it evidence.Item) ([]byte, error) {
		var at [3]int
		for i, name := range []string{"level", "x", "y"} {
			n, err := strconv.ParseUint(r.PathValue(name), 10, 16)
			if err != nil {
				return nil, text.Refuse(text.CodeInvalid, "path."+name, name+" is a whole number from 0.", name+" 须为从 0 开始的整数。")
			}
			at[i] = int(n)
		}
		return s.gallery.Tile(r.Context(), it, at[0], at[1], at[2])
	}))
}

// EvidencePath names a piece of evidence.
type EvidencePath struct {
	ID string `path:"id" maxLength:"64"`
}

func number(name string) *huma.Param {
	return &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeInteger, Minimum: ptr(0.0), Maximum: ptr(65535.0)}}
}

func jpegAnswer() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: "A JPEG", Content: map[string]*huma.MediaType{"image/jpeg": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
}

// drawing sends a JPEG made of evidence that the caller may see. What it was
// made of never changes, so neither does it: a browser that has it is told so
// before anything is decoded, but after it was asked who looks.
func (s *Server) drawing(make func(*http.Request, evidence.Item) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		it, _, err := s.opt.Desk.EvidenceContent(r.Context(), CallerOf(r.Context()), r.PathValue("id"))
		if err != nil {
			fail(w, r, err)
			return
		}
		tag := strconv.Quote(it.SHA256[:min(32, len(it.SHA256))] + "-" + drawn)
		if strings.Contains(r.Header.Get("If-None-Match"), tag) && it.Medium == evidence.Photo {
			keepDrawn(w, tag)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		data, err := make(r, it)
		switch {
		case r.Context().Err() != nil:
			return // nobody is there any more
		case err != nil:
			fail(w, r, err)
			return
		}
		keepDrawn(w, tag)
		w.Header().Set("Content-Type", "image/jpeg")
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data) // the client may be gone
	}
}

func keepDrawn(w http.ResponseWriter, tag string) {
	w.Header().Set("Cache-Control", keepPrivate)
	w.Header().Set("Vary", varyByWho)
	w.Header().Set("ETag", tag)
}
