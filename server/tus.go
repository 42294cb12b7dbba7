package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/tus/tusd/v2/pkg/filestore"
	tus "github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/exp/slog"

	"github.com/evenhand/evenhand/text"
)

// quietLogger is for tusd, whose lines name addresses and headers.
func quietLogger() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// tusError is a refusal in the form that tusd passes on.
func tusError(ctx context.Context, err error) tus.Error {
	p := problemOf(requestOf(ctx), err)
	body, _ := json.Marshal(p) // a struct of strings
	header := tus.HTTPHeader{"Content-Type": "application/problem+json"}
	for name := range p.GetHeaders() {
		header[name] = p.GetHeaders().Get(name)
	}
	return tus.Error{ErrorCode: p.Code, Message: p.Detail, HTTPResponse: tus.HTTPResponse{StatusCode: p.Status, Body: string(body), Header: header}}
}

// tusStore keeps unfinished uploads in files, and says in our words when that
// fails for want of room; tusd would call it an error of its own.
type tusStore struct{ filestore.FileStore }

type tusUpload struct{ tus.Upload }

// useIn adds what of the store is used here.
func (s tusStore) useIn(c *tus.StoreComposer) {
	c.UseCore(s)
	c.UseTerminater(s)
	c.UseLengthDeferrer(s)
}

// NewUpload begins one.
func (s tusStore) NewUpload(ctx context.Context, info tus.FileInfo) (tus.Upload, error) {
	u, err := s.FileStore.NewUpload(ctx, info)
	return tusUpload{u}, tusFailure(ctx, err)
}

// GetUpload finds one.
func (s tusStore) GetUpload(ctx context.Context, id string) (tus.Upload, error) {
	u, err := s.FileStore.GetUpload(ctx, id)
	return tusUpload{u}, tusFailure(ctx, err)
}

// AsTerminatableUpload is one that can be abandoned.
func (s tusStore) AsTerminatableUpload(u tus.Upload) tus.TerminatableUpload {
	return s.FileStore.AsTerminatableUpload(u.(tusUpload).Upload)
}

// AsLengthDeclarableUpload is one whose length is told later.
func (s tusStore) AsLengthDeclarableUpload(u tus.Upload) tus.LengthDeclarableUpload {
	return s.FileStore.AsLengthDeclarableUpload(u.(tusUpload).Upload)
}

// WriteChunk adds bytes.
func (u tusUpload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := u.Upload.WriteChunk(ctx, offset, src)
	return n, tusFailure(ctx, err)
}

// tusFailure words an error that is the surroundings', and leaves the others.
func tusFailure(ctx context.Context, err error) error {
	if err == nil || waitFor[technical(err).Code] == 0 {
		return err
	}
	return tusError(ctx, err)
}

// tusWriter turns tusd's own refusals, which are lines of English, into problems.
type tusWriter struct {
	http.ResponseWriter
	r     *http.Request
	wrote bool
	drop  bool
}

func (w *tusWriter) WriteHeader(status int) {
	if w.wrote {
		return
	}
	if status < 200 { // informational; the real one follows
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.wrote = true
	if at := w.Header().Get("Location"); at != "" {
		w.Header().Set("Location", placeOf(at))
	}
	if status < 400 || w.Header().Get("Content-Type") == "application/problem+json" {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.drop = true
	fail(w.ResponseWriter, w.r, tusRefusal(status))
}

func (w *tusWriter) Write(b []byte) (int, error) {
	if !w.wrote {
		w.WriteHeader(http.StatusOK)
	}
	if w.drop {
		return len(b), nil
	}
	return w.ResponseWriter.Write(bytes.Clone(b))
}

// placeOf is an upload's address as the browser reaches it: a path alone, for
// what tusd makes of the request names the scheme and host that a proxy in
// front used for us, not those that it is known by.
func placeOf(at string) string {
	_, id, ok := strings.Cut(at, uploadBase)
	if !ok {
		return at
	}
	return uploadBase + id
}

// Unwrap lets http.ResponseController reach the connection.
func (w *tusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func tusRefusal(status int) error {
	switch status {
	case http.StatusNotFound, http.StatusGone:
		return text.Refuse(text.CodeNotFound, "", "There is no such upload, or it has expired.", "上传不存在或已过期。")
	case http.StatusRequestEntityTooLarge:
		return text.Refuse(text.CodeTooLarge, "header.Upload-Length", "The file is larger than what is taken here.", "文件超过大小上限。")
	case http.StatusConflict:
		return text.Refuse(text.CodeConflict, "header.Upload-Offset", "Ask by HEAD how much has arrived, and go on from there.", "请先用 HEAD 查询已上传的字节数，再继续。")
	case http.StatusPreconditionFailed:
		return text.Refuse(codeBadRequest, "header.Tus-Resumable", "Send Tus-Resumable: 1.0.0.", "请提供 Tus-Resumable: 1.0.0。")
	case http.StatusLocked:
		return text.Refuse(text.CodeConflict, "", "Another request writes to this upload; try again in a moment.", "该上传正被另一请求写入，请稍后重试。")
	case http.StatusUnsupportedMediaType:
		return text.Refuse(codeMediaType, "header.Content-Type", "Send application/offset+octet-stream.", "请使用 application/offset+octet-stream。")
	case http.StatusBadRequest:
		return text.Refuse(codeBadRequest, "", "The request does not follow tus 1.0; see https://tus.io.", "请求不符合 tus 1.0 协议，参见 https://tus.io。")
	case http.StatusInternalServerError:
		return errInternal()
	}
	return text.Refuse(codeBadRequest, "", "The upload was refused.", "上传被拒绝。")
}
