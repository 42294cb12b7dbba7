package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unicode"

	"github.com/alecthomas/kong"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/text"
)

var latinClause = regexp.MustCompile(`\b[a-z']{2,}[ ,]+(?:[a-z']{2,}|\d+)[ ,]+(?:[a-z']{2,}|\d+)\b`)

// wantChinese is a text that holds no sentence in English.
func wantChinese(t *testing.T, from, zh string) {
	t.Helper()
	s := strings.ReplaceAll(zh, "evenhand --help", "")
	if latinClause.MatchString(s) || !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		t.Errorf("%q: %q", from, zh)
	}
}

// TestEveryMessageOfTheCommandLineIsSaidInChinese reads from the parser's source
// what it complains of, and says it with values in it.
func TestEveryMessageOfTheCommandLineIsSaidInChinese(t *testing.T) {
	at, _ := runtime.FuncForPC(reflect.ValueOf(kong.Parse).Pointer()).FileLine(0)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(at), "*.go"))
	if err != nil || len(files) == 0 {
		t.Skip("the parser's source is not at hand")
	}
	said := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			format, err := strconv.Unquote(lit.Value)
			if err != nil || strings.Count(format, " ") < 1 {
				return true
			}
			said++
			message := strings.NewReplacer("%s", "--jobs", "%q", `"x"`, "%d", "7", "%v", "x", "%T", "string", "%c", ";").Replace(format)
			wantChinese(t, format, usageProblem(errors.New(message)).ZH)
			return true
		})
	}
	if said < 40 {
		t.Errorf("%d messages were found", said)
	}
}

// TestWhatTheSystemSaysIsSaidInChinese goes through every error number, and
// what packages of ours make of them.
func TestWhatTheSystemSaysIsSaidInChinese(t *testing.T) {
	for no := syscall.Errno(1); no < 134; no++ {
		wantChinese(t, no.Error(), text.Reason(&fs.PathError{Op: "open", Path: "/x", Err: no}).ZH)
	}
	wantChinese(t, "unknown", text.Reason(errors.New("something nobody expected to be said here")).ZH)
	for _, code := range []imaging.ErrorCode{imaging.TooLarge, imaging.UnsupportedFormat, imaging.Unsupported, imaging.TooManyPixels, imaging.TooMuchMemory, imaging.TooManyScans, imaging.Broken} {
		for _, detail := range []string{"", "video", "Canon RAW", "lossless JPEG", "12-bit JPEG", "TIFF with separate colour planes", "HEIF without HEVC or AV1", "40 MB > 20 MB", "unsupported feature: it has more than one thing in it", fmt.Sprintf("%d × %d, %.3g > %.3g MP", 9, 9, 1.0, 2.0)} {
			_, zh := (&imaging.Error{Code: code, Detail: detail}).Text()
			wantChinese(t, string(code)+" "+detail, zh)
		}
	}
}
