package account

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
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
	leave, err := a.lanes.enter(ctx, true)
	if err != nil {
		return "", err
	}
	defer leave()
	return hashPassword(a.opt.Rand, norm.NFKC.String(password), a.opt.Hash)
}

// verify takes the text as it is typed on any keyboard (NIST SP 800-63B-4
// section 3.1.1.2: NFKC), and as it came for hashes made before that was so.
func (a *Accounts) verify(ctx context.Context, phc, password string, known bool) (ok bool, c Cost, err error) {
	leave, err := a.lanes.enter(ctx, known)
	if err != nil {
		return false, c, err
	}
	defer leave()
	plain := norm.NFKC.String(password)
	if ok, c, err = verifyPassword(phc, plain); ok || err != nil || plain == password {
		return ok, c, err
	}
	return verifyPassword(phc, password)
}
