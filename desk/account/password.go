package account

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Cost is what one guess at a password costs, by argon2id (RFC 9106).
type Cost struct {
	Memory uint32 // KiB
	Time   uint32 // passes
	Lanes  uint8
}

// DefaultCost is the first recommendation of OWASP's Password Storage Cheat
// Sheet for a server: 19 MiB, two passes, one lane.
var DefaultCost = Cost{Memory: 19 << 10, Time: 2, Lanes: 1}

// Bounds on what a stored hash may ask of us; a row that asks for more was not
// written by this program.
const (
	maxMemory = 1 << 20 // KiB: 1 GiB
	maxTime   = 16
)

// The least and the most of a password, in characters and bytes. Length is
// what counts (NIST SP 800-63B); what kinds of characters is left to people.
const (
	minPassword = 12
	maxPassword = 512
)

var errHash = errors.New("not an argon2id hash of ours")

// hashPassword is the PHC string of a password:
// $argon2id$v=19$m=…,t=…,p=…$salt$hash, in base64 without padding.
func hashPassword(random io.Reader, password string, c Cost) (string, error) {
	salt := make([]byte, 16)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("salt a password: %w", err)
	}
	sum := argon2.IDKey([]byte(password), salt, c.Time, c.Memory, c.Lanes, 32)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Time, c.Lanes, enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

// verifyPassword is whether the password has this hash, and the cost it was
// made with, so that an old hash can be renewed.
func verifyPassword(phc, password string) (ok bool, c Cost, err error) {
	c, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, c, err
	}
	got := argon2.IDKey([]byte(password), salt, c.Time, c.Memory, c.Lanes, uint32(len(want)))
	return same(string(got), string(want)), c, nil
}

// parsePHC takes a PHC string apart.
func parsePHC(phc string) (c Cost, salt, sum []byte, err error) {
	part := strings.Split(phc, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Lanes); err != nil {
		return c, nil, nil, errHash
	}
	if c.Memory == 0 || c.Memory > maxMemory || c.Time == 0 || c.Time > maxTime || c.Lanes == 0 {
		return c, nil, nil, errHash
	}
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(part[4])
	sum, err2 := base64.RawStdEncoding.Strict().DecodeString(part[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(sum) < 16 || len(sum) > 64 {
		return c, nil, nil, errHash
	}
	return c, salt, sum, nil
}

// hash and verify wait for one of the places at the mill.
func (a *Accounts) hash(ctx context.Context, password string) (string, error) {
	if err := a.enter(ctx); err != nil {
		return "", err
	}
	defer a.leave()
	return hashPassword(a.opt.Rand, password, a.opt.Hash)
}

func (a *Accounts) verify(ctx context.Context, phc, password string) (ok bool, c Cost, err error) {
	if err := a.enter(ctx); err != nil {
		return false, c, err
	}
	defer a.leave()
	return verifyPassword(phc, password)
}

func (a *Accounts) enter(ctx context.Context) error {
	select {
	case a.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *Accounts) leave() { <-a.hashing }

// checkPassword refuses what is guessed first.
func checkPassword(password, login string) error {
	lower := strings.ToLower(password)
	seen := map[rune]bool{}
	for _, r := range lower {
		seen[r] = true
	}
	switch {
	case !utf8.ValidString(password) || len(password) > maxPassword:
		return refuse("invalid", "password", "A password has at most 512 bytes of text.", "密码最长 512 字节。")
	case utf8.RuneCountInString(password) < minPassword:
		return refuse("invalid", "password", "A password needs at least 12 characters; four words will do.", "密码至少 12 个字符，可用几个词组成。")
	case len(seen) < 5:
		return refuse("invalid", "password", "Use at least five different characters.", "密码至少包含五种不同的字符。")
	case login != "" && strings.Contains(lower, strings.ToLower(login)) && len(login) > 3:
		return refuse("invalid", "password", "A password must not contain the login name.", "密码不能包含登录名。")
	case common[lower]:
		return refuse("invalid", "password", "This password is among the first that are guessed.", "该密码过于常见，容易被猜到。")
	}
	return nil
}

// common holds long passwords that lead every list of stolen ones, and ours.
var common = map[string]bool{
	"123456789012": true, "1234567890123": true, "qwertyuiop12": true, "password1234": true, "passwordpassword": true,
	"administrator": true, "1q2w3e4r5t6y": true, "qwerty123456": true, "evenhand1234": true, "woaini1314520": true,
	"iloveyou1234": true, "changeme1234": true, "letmein12345": true, "welcome12345": true, "abcdefghijkl": true,
}
