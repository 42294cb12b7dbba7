package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/text"
)

// terminalWidth is the width in columns of the terminal w writes to; ok is
// false where w is no terminal.
func terminalWidth(w io.Writer) (columns int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil || columns <= 0 {
		return 80, true
	}
	return columns, true
}

// style is how standard output is written to: in colour only on a terminal
// that shows it, and never where NO_COLOR is set (no-color.org).
func (a *app) style() report.Style {
	width, ok := terminalWidth(a.out)
	if !ok {
		width, _ = strconv.Atoi(a.getenv("COLUMNS"))
	}
	dumb := a.getenv("TERM") == "dumb"
	return report.Style{Lang: a.lang, Width: width, Colour: ok && !dumb && a.getenv("NO_COLOR") == ""}
}

// language reads the caller's language from the environment, in the order
// that POSIX gives the variables.
func language(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "zh") {
				return "zh"
			}
			return "en"
		}
	}
	return "en"
}

// quickEnough is how long a command may take before it shows its progress.
const quickEnough = time.Second

// progress draws a bar on standard error, if that is a terminal.
type progress struct {
	app   *app
	width int // 0: draw nothing
	since time.Time
	mu    sync.Mutex
	drawn bool
}

func (a *app) newProgress() *progress {
	p := &progress{app: a, since: time.Now()}
	if width, ok := terminalWidth(a.errOut); ok && a.getenv("TERM") != "dumb" {
		p.width = width
	}
	return p
}

// show draws the bar anew. It fits screening.Options.Progress.
func (p *progress) show(done, total int, file string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.width == 0 || total == 0 || time.Since(p.since) < quickEnough {
		return
	}
	p.drawn = true
	label := p.app.say(text.Text{EN: "Working", ZH: "正在处理"})
	fmt.Fprint(p.app.errOut, "\r\x1b[K"+report.Bar(label, file, done, total, p.width))
}

// lift removes the bar for a line between; the next show draws it again.
func (p *progress) lift() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		fmt.Fprint(p.app.errOut, "\r\x1b[K")
		p.drawn = false
	}
}

// clear removes the bar so that what follows starts on a clean line.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		fmt.Fprint(p.app.errOut, "\r\x1b[K")
	}
	p.width = 0
}
