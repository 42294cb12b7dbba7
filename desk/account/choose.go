package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account/breached"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// The least and the most of a password, in characters and bytes. Length is
// what counts (NIST SP 800-63B-4 section 3.1.1.2); what kinds of characters is
// left to people.
const (
	minPassword = 12
	maxPassword = 512
	// minBeside is how much of a password must be something else than what
	// anybody knows of its owner.
	minBeside = 6
)

// checkPassword refuses what is guessed first.
func (a *Accounts) checkPassword(ctx context.Context, tx desk.Tx, password string, u desk.User) error {
	plain := norm.NFKC.String(password)
	switch {
	case !utf8.ValidString(password) || len(password) > maxPassword || len(plain) > maxPassword:
		return text.Refuse("invalid", "password", "A password has at most 512 bytes of text.", "密码最长 512 字节。")
	case utf8.RuneCountInString(plain) < minPassword:
		return text.Refuse("invalid", "password", "A password needs at least 12 characters; four words will do.", "密码至少 12 个字符，可用几个词组成。")
	}
	lower := breached.Normal(password)
	seen := map[rune]bool{}
	for _, r := range lower {
		seen[r] = true
	}
	set, err := breached.Common()
	if err != nil {
		return fmt.Errorf("read the list of common passwords: %w", err)
	}
	known, err := knownOf(ctx, tx, u)
	if err != nil {
		return err
	}
	switch {
	case len(seen) < 5:
		return text.Refuse("invalid", "password", "Use at least five different characters.", "密码至少包含五种不同的字符。")
	case len(u.Login) > 3 && strings.Contains(lower, u.Login):
		return text.Refuse("invalid", "password", "A password must not contain the login name.", "密码不能包含登录名。")
	case beside(lower, known) < minBeside:
		return text.Refuse("invalid", "password", "Hardly anything but names that others know: of you, your shop, this desk. Add words that have nothing to do with them.", "密码几乎只由您、店铺或本平台的名称组成，请加入无关的词。")
	case set.Has(password):
		return text.Refuse("invalid", "password", "This password, or one much like it, is among the first that are guessed.", "该密码或与其近似的密码过于常见，容易被猜到。")
	}
	return nil
}

// knownOf are the words that whoever guesses at somebody's password knows: of
// the person, their shop, this desk.
func knownOf(ctx context.Context, tx desk.Tx, u desk.User) ([]string, error) {
	words := []string{"evenhand", "持平", u.Login, u.Name, u.Party}
	for _, s := range []string{u.Login, u.Email} {
		local, _, _ := strings.Cut(s, "@")
		words = append(words, local)
	}
	if u.Party != "" {
		shop, err := tx.Merchant(ctx, u.Party)
		if err != nil && !errors.Is(err, work.ErrNotFound) {
			return nil, err
		}
		words = append(words, shop.Name)
	}
	var out []string
	for _, w := range words {
		w = breached.Normal(w)
		for _, part := range append(strings.Fields(w), strings.Join(strings.Fields(w), "")) {
			// One Chinese character or two letters are in anything.
			if utf8.RuneCountInString(part) >= 3 || utf8.RuneCountInString(part) == 2 && part[0] >= utf8.RuneSelf {
				out = append(out, part)
			}
		}
	}
	// The longest first, so that none leaves half of another.
	slices.SortFunc(out, func(x, y string) int { return len(y) - len(x) })
	return out, nil
}

// beside counts the letters that are left of a password without known words.
// A password of digits and signs has none of anybody's words in it.
func beside(lower string, known []string) int {
	rest := lower
	for _, w := range known {
		rest = strings.ReplaceAll(rest, w, "")
	}
	if rest == lower {
		return utf8.RuneCountInString(lower)
	}
	n := 0
	for _, r := range rest {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
