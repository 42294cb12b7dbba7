package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hashRun runs evenhand hash on files and returns what it printed and its
// exit status.
func hashRun(ctx context.Context, lang string, files ...string) (out, errOut string, status int) {
	var o, e bytes.Buffer
	a := &app{ctx: ctx, out: &o, errOut: &e, getenv: func(string) string { return "" }}
	status = run(a, append([]string{"--lang", lang, "hash"}, files...))
	return o.String(), e.String(), status
}

func writePNG(t *testing.T, path string, level func(x, y int) uint8) {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 128, 128))
	for y := range 128 {
		for x := range 128 {
			m.SetGray(x, y, color.Gray{Y: level(x, y)})
		}
	}
	var file bytes.Buffer
	if err := png.Encode(&file, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestHashCommand(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	writePNG(t, in("white one.png"), func(int, int) uint8 { return 255 })
	writePNG(t, in("checked.png"), func(x, y int) uint8 { return uint8(255 * (x/16%2 ^ y/16%2)) })
	if err := os.WriteFile(in("text.jpg"), []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}

	files := []string{in("white one.png"), in("text.jpg"), in("gone.jpg"), in("checked.png")}
	for _, lang := range []string{"en", "zh"} {
		out, errOut, status := hashRun(t.Context(), lang, files...)
		if status != exitBadInput {
			t.Errorf("%s: status %d, want %d", lang, status, exitBadInput)
		}
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		if len(lines) != 2 || lines[0] != files[0]+" "+strings.Repeat("0", 64)+" 0" ||
			!strings.HasPrefix(lines[1], files[3]+" ") || !strings.HasSuffix(lines[1], " 100") {
			t.Errorf("%s: printed %q", lang, out)
		}
		problems := strings.Split(strings.TrimSuffix(errOut, "\n"), "\n")
		if len(problems) != 2 || !strings.Contains(problems[0], files[1]) || !strings.Contains(problems[1], files[2]) {
			t.Errorf("%s: complained %q", lang, errOut)
		}
		if chinese := strings.Contains(errOut, "请"); chinese != (lang == "zh") {
			t.Errorf("%s: complained in the other language: %q", lang, errOut)
		}
	}

	if _, errOut, status := hashRun(t.Context(), "en", files[0], files[3]); status != exitOK || errOut != "" {
		t.Errorf("good files alone: status %d, complained %q", status, errOut)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if out, _, status := hashRun(cancelled, "en", files...); status != exitInterrupted || out != "" {
		t.Errorf("interrupted: status %d, printed %q", status, out)
	}
}

func TestShown(t *testing.T) {
	for file, want := range map[string]string{
		"a b.jpg": "a b.jpg", "商品.png": "商品.png", "a\nb.jpg": `"a\nb.jpg"`, "\x1b[2J.jpg": `"\x1b[2J.jpg"`,
	} {
		if got := shown(file); got != want {
			t.Errorf("shown(%q) = %s, want %s", file, got, want)
		}
	}
}
