package text_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode"

	"github.com/evenhand/evenhand/text"
)

// TestReason: whatever the system says, each language stays by itself, and the
// English names no path, which whoever asks has named already.
func TestReason(t *testing.T) {
	_, missing := os.Open(filepath.Join(t.TempDir(), "nothing-here"))
	for _, tt := range []struct {
		name   string
		err    error
		en, zh string
	}{
		{"no such file", missing, "it is not there", "不存在"},
		{"wrapped", fmt.Errorf("reading a: %w", fs.ErrPermission), "permission denied", "没有权限"},
		{"full", &fs.PathError{Op: "write", Path: "/x", Err: syscall.ENOSPC}, "no space left on the disk", "磁盘空间不足"},
		{"late", context.DeadlineExceeded, "it took too long", "超时"},
		{"a number", &fs.PathError{Op: "open", Path: "/x", Err: syscall.ENOLCK}, syscall.ENOLCK.Error(), fmt.Sprintf("系统错误 %d", int(syscall.ENOLCK))},
		{"unknown", errors.New("who knows"), "who knows", "原因不明"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := text.Reason(tt.err)
			if got != (text.Text{EN: tt.en, ZH: tt.zh}) {
				t.Errorf("%q, %q; want %q, %q", got.EN, got.ZH, tt.en, tt.zh)
			}
			if strings.Contains(got.EN, "/x") || strings.ContainsFunc(got.EN, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("English %q", got.EN)
			}
		})
	}
}
