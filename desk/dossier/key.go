package dossier

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// keySetting is where the store keeps the seed of the desk's key.
const keySetting = "dossier/key"

// SigningKey is the desk's own key, made when it is first needed. It is read
// each time rather than kept, so that nodes that start together agree.
func SigningKey(ctx context.Context, store desk.Store) (key ed25519.PrivateKey, err error) {
	err = store.Read(ctx, func(tx desk.Tx) error {
		key, err = kept(ctx, tx)
		return err
	})
	if !errors.Is(err, work.ErrNotFound) {
		return key, err
	}
	err = store.Write(ctx, func(tx desk.Tx) error {
		if key, err = kept(ctx, tx); !errors.Is(err, work.ErrNotFound) {
			return err
		}
		if _, key, err = ed25519.GenerateKey(rand.Reader); err != nil {
			return fmt.Errorf("make dossier key: %w", err)
		}
		return tx.PutSetting(ctx, keySetting, key.Seed())
	})
	return key, err
}

func kept(ctx context.Context, tx desk.Tx) (ed25519.PrivateKey, error) {
	seed, err := tx.Setting(ctx, keySetting)
	if err != nil {
		return nil, fmt.Errorf("read dossier key: %w", err)
	}
	if len(seed) != ed25519.SeedSize {
		return nil, errors.New("dossier key: the store holds something else under its name")
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// PublicKey is what anybody may know of the desk's key.
func PublicKey(ctx context.Context, store desk.Store) (Key, error) {
	private, err := SigningKey(ctx, store)
	if err != nil {
		return Key{}, err
	}
	public := private.Public().(ed25519.PublicKey) //nolint:forcetypeassert // of an Ed25519 key it is that
	return keyOf(public).withPEM(public)
}
