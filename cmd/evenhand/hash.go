package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/pdq"
	"github.com/evenhand/evenhand/text"
)

// hashCmd prints the PDQ hash of each picture and its quality, a line a
// picture: file, 64 hexadecimal digits, 0 to 100, with a space between.
type hashCmd struct {
	Files []string `arg:"" name:"file" help:"Picture files."`
}

// Run hashes the files in the order given. A file that cannot be read is told
// of on the error output and costs the exit status, not the other files.
func (c *hashCmd) Run(a *app) error {
	var failed bool
	for _, file := range c.Files {
		p, err := imaging.Open(a.ctx, file, imaging.Limits{})
		if a.ctx.Err() != nil {
			return a.ctx.Err()
		}
		name := shown(file)
		if err != nil {
			failed = true
			fmt.Fprintf(a.errOut, "evenhand: %s: %s\n", name, a.whyUnread(err))
			continue
		}
		if p.Partial {
			fmt.Fprintf(a.errOut, "evenhand: %s: %s\n", name, a.say(text.Text{
				EN: "Part of the picture is missing from the file; the hash counts a guess in its place.",
				ZH: "图片文件不完整，缺失的部分按推测内容参与哈希计算。",
			}))
		}
		h, quality := pdq.Compute(p)
		p.Release()
		if _, err := fmt.Fprintf(a.out, "%s %s %d\n", name, h, quality); err != nil {
			return fmt.Errorf("printing the hash of %s: %w", name, err)
		}
	}
	if failed {
		return errReported
	}
	return nil
}

// whyUnread says in the caller's language why a picture could not be read.
func (a *app) whyUnread(err error) string {
	var e *imaging.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	en, zh := e.Text()
	return a.say(text.Text{EN: en, ZH: zh})
}

// shown returns a file's name as it is printed: quoted where it has characters
// that would break a line or steer a terminal.
func shown(file string) string {
	if strings.ContainsFunc(file, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(file)
	}
	return file
}
