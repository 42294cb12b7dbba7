package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a signed message.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp" // seconds since 1970, of this try
	HeaderSignature = "Webhook-Signature" // "v1,BASE64", several apart by spaces
)

const (
	secretPrefix = "whsec_"
	secretBytes  = 32 // of a new secret; the specification wants 24 to 64

	// Tolerance is how far a message's time may lie from the receiver's clock.
	Tolerance = 5 * time.Minute
)

// Why a message is not believed.
var (
	ErrHeaders   = errors.New("webhook: a signature header is missing or malformed")
	ErrTooOld    = errors.New("webhook: the message's time is too long ago")
	ErrTooNew    = errors.New("webhook: the message's time lies too far ahead")
	ErrSignature = errors.New("webhook: no signature fits")
)

// Key signs and verifies.
type Key []byte

// NewSecret draws a secret, "whsec_" and the base64 of 32 bytes. random should
// be crypto/rand's Reader.
func NewSecret(random io.Reader) (string, error) {
	key := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, key); err != nil {
		return "", fmt.Errorf("drawing a webhook secret: %w", err)
	}
	return secretPrefix + base64.StdEncoding.EncodeToString(key), nil
}

// ParseSecret reads what NewSecret writes; the prefix may be missing. The
// secret is not part of the error.
func ParseSecret(secret string) (Key, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil || len(key) < 24 || len(key) > 64 {
		return nil, errors.New(`a webhook secret is "whsec_" and the base64 of 24 to 64 bytes`)
	}
	return key, nil
}

// Sign is the signature header's value for a message sent at the given time:
// HMAC-SHA256 over id, seconds and body with dots between them.
func (k Key) Sign(id string, at time.Time, body []byte) string {
	return "v1," + base64.StdEncoding.EncodeToString(k.mac(id, strconv.FormatInt(at.Unix(), 10), body))
}

func (k Key) mac(id, seconds string, body []byte) []byte {
	h := hmac.New(sha256.New, k)
	io.WriteString(h, id+"."+seconds+".")
	h.Write(body)
	return h.Sum(nil)
}

// Verify says whether a received message is from who holds the key, and recent
// at now. It is what a receiver calls before it reads the body.
func (k Key) Verify(h http.Header, body []byte, now time.Time) error {
	id, seconds := h.Get(HeaderID), h.Get(HeaderTimestamp)
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || id == "" || h.Get(HeaderSignature) == "" {
		return ErrHeaders
	}
	// Whole seconds on both sides, in integers: a hostile number must not
	// overflow a Duration.
	switch away, most := now.Unix()-at, int64(Tolerance/time.Second); {
	case at < 0 || away > most:
		return ErrTooOld
	case away < -most:
		return ErrTooNew
	}
	want := k.mac(id, seconds, body)
	for s := range strings.FieldsSeq(h.Get(HeaderSignature)) {
		text, ok := strings.CutPrefix(s, "v1,")
		if !ok {
			continue // another version's
		}
		if got, err := base64.StdEncoding.DecodeString(text); err == nil && hmac.Equal(got, want) {
			return nil
		}
	}
	return ErrSignature
}
