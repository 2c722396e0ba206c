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

func newSecret(blob vault.SealedSecret) secret {
	return secret{
		Tenant: blob.Tenant, Record: blob.Record, Kind: blob.Kind, Subject: blob.Subject,
		Expires: blob.Expires, Key: blob.Key, Data: slices.Clone(blob.Data), Revision: blob.Revision,
	}
}

func (s secret) ref() vault.Ref {
	return vault.Ref{Tenant: s.Tenant, Record: s.Record, Kind: s.Kind, Subject: s.Subject}
}

func (s secret) blob() vault.SealedSecret {
	return vault.SealedSecret{Ref: s.ref(), Expires: s.Expires, Key: s.Key, Data: slices.Clone(s.Data), Revision: s.Revision}
}

// PutBlob writes the blob.
func (s *Store) PutBlob(ctx context.Context, blob vault.SealedSecret) error {
	if err := cmp.Or(ctx.Err(), blob.Check()); err != nil {
		return err
	}
	return s.change(func(now contents) (*line, error) {
		at, found := findSecret(now.secrets, blob.Ref)
		if blob.Revision != 0 && (!found || now.secrets[at].Revision != blob.Revision) {
			return nil, fmt.Errorf("secret %v: %w", blob.Ref, vault.ErrChanged)
		}
		kept := newSecret(blob)
		kept.Revision = now.writes + 1
		return &line{Secret: &kept}, nil
	})
}

// GetBlob returns the blob.
func (s *Store) GetBlob(ctx context.Context, ref vault.Ref) (vault.SealedSecret, error) {
	if err := ctx.Err(); err != nil {
		return vault.SealedSecret{}, err
	}
	secrets := s.view().secrets
	at, found := findSecret(secrets, ref)
	if !found {
		return vault.SealedSecret{}, fmt.Errorf("secret %v: %w", ref, vault.ErrNoSecret)
	}
	return secrets[at].blob(), nil
}

// DeleteBlob deletes the blob.
func (s *Store) DeleteBlob(ctx context.Context, ref vault.Ref) error {
	if err := ctx.Err(); err != nil {
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

// ListBlobs yields the blobs after a Ref.
func (s *Store) ListBlobs(ctx context.Context, after vault.Ref) iter.Seq2[vault.SealedSecret, error] {
	return func(yield func(vault.SealedSecret, error) bool) {
		for last := after; ; {
			if err := ctx.Err(); err != nil {
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
				if !yield(one.blob(), nil) {
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
