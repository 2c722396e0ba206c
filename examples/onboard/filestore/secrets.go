package filestore

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// secret is a vault.SealedSecret as the file has it: ciphertext.
type secret struct {
	Tenant   signup.Tenant    `json:"tenant"`
	Record   string           `json:"record"`
	Kind     vault.SecretKind `json:"kind"`
	Subject  string           `json:"subject,omitempty"`
	Expires  time.Time        `json:"expires,omitzero"`
	Key      string           `json:"key"`
	Data     []byte           `json:"data"`
	Revision int64            `json:"revision"`
}

func newSecret(sealed vault.SealedSecret) secret {
	return secret{
		Tenant: sealed.Tenant, Record: sealed.Record, Kind: sealed.Kind, Subject: sealed.Subject,
		Expires: sealed.Expires, Key: sealed.Key, Data: slices.Clone(sealed.Data), Revision: sealed.Revision,
	}
}

func (s secret) ref() vault.Ref {
	return vault.Ref{Tenant: s.Tenant, Record: s.Record, Kind: s.Kind, Subject: s.Subject}
}

func (s secret) sealed() vault.SealedSecret {
	return vault.SealedSecret{Ref: s.ref(), Expires: s.Expires, Key: s.Key, Data: slices.Clone(s.Data), Revision: s.Revision}
}

// PutSealed writes the secret.
func (s *Store) PutSealed(ctx context.Context, sealed vault.SealedSecret) error {
	if err := cmp.Or(ended(ctx), sealed.Check()); err != nil {
		return err
	}
	return s.change(func(now contents) (*line, error) {
		at, found := findSecret(now.secrets, sealed.Ref)
		changed := false
		switch sealed.Revision {
		case 0:
		case vault.NoRevision:
			changed = found
		default:
			changed = !found || now.secrets[at].Revision != sealed.Revision
		}
		if changed {
			return nil, fmt.Errorf("secret %v: %w", sealed.Ref, vault.ErrChanged)
		}
		kept := newSecret(sealed)
		kept.Revision = now.writes + 1
		return &line{Secret: &kept}, nil
	})
}

// GetSealed returns the secret.
func (s *Store) GetSealed(ctx context.Context, ref vault.Ref) (vault.SealedSecret, error) {
	if err := ended(ctx); err != nil {
		return vault.SealedSecret{}, err
	}
	secrets := s.view().secrets
	at, found := findSecret(secrets, ref)
	if !found {
		return vault.SealedSecret{}, fmt.Errorf("secret %v: %w", ref, vault.ErrNoSecret)
	}
	return secrets[at].sealed(), nil
}

// DeleteSealed deletes the secret.
func (s *Store) DeleteSealed(ctx context.Context, ref vault.Ref) error {
	if err := ended(ctx); err != nil {
		return err
	}
	return s.change(func(now contents) (*line, error) {
		at, found := findSecret(now.secrets, ref)
		if !found {
			return nil, nil
		}
		deleted := newSecret(vault.SealedSecret{Ref: ref, Revision: now.secrets[at].Revision})
		return &line{Deleted: &deleted}, nil
	})
}

// ListSealed yields the secrets after a Ref.
func (s *Store) ListSealed(ctx context.Context, after vault.Ref) iter.Seq2[vault.SealedSecret, error] {
	return func(yield func(vault.SealedSecret, error) bool) {
		for last := after; ; {
			if err := ended(ctx); err != nil {
				yield(vault.SealedSecret{}, err)
				return
			}
			secrets := s.view().secrets
			at, found := findSecret(secrets, last)
			if found {
				at++
			}
			page := secrets[at:min(at+pageSize, len(secrets))]
			for _, one := range page {
				if !yield(one.sealed(), nil) {
					return
				}
				last = one.ref()
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

func findSecret(secrets []secret, ref vault.Ref) (int, bool) {
	return slices.BinarySearchFunc(secrets, ref, func(s secret, ref vault.Ref) int { return s.ref().Compare(ref) })
}
