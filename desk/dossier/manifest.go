package dossier

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/evenhand/evenhand/desk"
)

// Schema names the form of manifests; it changes when an old checker could no
// longer read a new one.
const Schema = "evenhand.dossier/1"

// The files that every dossier has beside its evidence.
const (
	manifestName  = "manifest.json"
	signatureName = "manifest.sig"
	claimName     = "claim.json"
	orderName     = "order.json"
	eventsName    = "events.jsonl"
	storyName     = "explanation.json"
	readmeName    = "README.txt"
	readmeZHName  = "说明.txt"
)

// Bounds of a dossier, so that plain ZIP without its 64-bit extension holds
// it, and a checker's memory too.
const (
	maxFiles    = 2000
	maxManifest = 1 << 20 // bytes
	maxDossier  = 4<<30 - 64<<20
)

// Manifest says what a dossier holds.
type Manifest struct {
	Schema  string     `json:"schema"`
	ClaimID string     `json:"claim_id"`
	OrderID string     `json:"order_id"`
	MadeAt  time.Time  `json:"made_at"`
	Depth   desk.Depth `json:"depth"` // for whose eyes: buyer, merchant or reviewer
	// Desk is where the desk that made it can be reached.
	Desk string `json:"desk,omitempty"`
	// Key is the public half of what signed the manifest. It stands here so
	// that the file can be checked at all; whose it is must be asked elsewhere.
	Key   Key    `json:"key"`
	Files []File `json:"files"`
	// Missing lists evidence whose bytes could not be had when this was made.
	Missing []string `json:"missing,omitempty"`
}

// File is one entry of a manifest.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // hex
}

// Key is a desk's public key.
type Key struct {
	ID        string `json:"id" doc:"The first 16 hex digits of the SHA-256 of the key's 32 bytes"`
	Algorithm string `json:"algorithm" enum:"Ed25519"`
	PublicKey string `json:"public_key" doc:"The 32 bytes in base64"`
	PEM       string `json:"pem,omitempty" doc:"The same as a PEM block, for openssl"`
}

// keyOf describes a public key.
func keyOf(k ed25519.PublicKey) Key {
	sum := sha256.Sum256(k)
	return Key{ID: hex.EncodeToString(sum[:8]), Algorithm: "Ed25519", PublicKey: base64.StdEncoding.EncodeToString(k)}
}

// withPEM adds the form that other tools read.
func (k Key) withPEM(public ed25519.PublicKey) (Key, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return k, fmt.Errorf("dossier key: %w", err)
	}
	k.PEM = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	return k, nil
}

// public is the key itself; ok is false where it is none, or not the one that
// its id names.
func (k Key) public() (ed25519.PublicKey, bool) {
	raw, err := base64.StdEncoding.DecodeString(k.PublicKey)
	if err != nil || len(raw) != ed25519.PublicKeySize || k.Algorithm != "Ed25519" || keyOf(raw).ID != k.ID {
		return nil, false
	}
	return raw, true
}

// errKey is what ParseKey answers.
var errKey = errors.New("dossier: no Ed25519 public key")

// ParseKey reads a desk's public key: a PEM block, or its 32 bytes in base64.
func ParseKey(text string) (ed25519.PublicKey, error) {
	if block, _ := pem.Decode([]byte(text)); block != nil {
		any, err := x509.ParsePKIXPublicKey(block.Bytes)
		if k, ok := any.(ed25519.PublicKey); ok && err == nil {
			return k, nil
		}
		return nil, errKey
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return nil, errKey
	}
	return raw, nil
}

// plainID is what an id may look like where a stranger's file says it.
var plainID = regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,64}$`)

// valid is whether a manifest is one that a desk writes.
func (m Manifest) valid() bool {
	if m.Schema != Schema || !plainID.MatchString(m.ClaimID) || len(m.Files) == 0 || len(m.Files) > maxFiles {
		return false
	}
	seen := map[string]bool{manifestName: true, signatureName: true}
	for _, f := range m.Files {
		if seen[f.Name] || !safeName(f.Name) || f.Size < 0 || f.Size > maxDossier || len(f.SHA256) != 2*sha256.Size {
			return false
		}
		seen[f.Name] = true
	}
	return true
}
