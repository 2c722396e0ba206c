package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

const (
	// A first revision is random, so that the row of a secret that was deleted
	// and put again is not taken for the one before.
	putSealed = `INSERT INTO wagraph_secrets (tenant, record, kind, subject, expires, seal_key, data, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant, record, kind, subject) DO UPDATE
SET expires = excluded.expires, seal_key = excluded.seal_key, data = excluded.data, revision = wagraph_secrets.revision + 1`
	insertSealed = `INSERT INTO wagraph_secrets (tenant, record, kind, subject, expires, seal_key, data, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant, record, kind, subject) DO NOTHING`
	updateSealed = `UPDATE wagraph_secrets SET expires = $5, seal_key = $6, data = $7, revision = revision + 1
WHERE tenant = $1 AND record = $2 AND kind = $3 AND subject = $4 AND revision = $8`
	deleteSealed  = `DELETE FROM wagraph_secrets WHERE tenant = $1 AND record = $2 AND kind = $3 AND subject = $4`
	sealedColumns = `SELECT tenant, record, kind, subject, expires, seal_key, data, revision FROM wagraph_secrets `
	selectSealed  = sealedColumns + `WHERE tenant = $1 AND record = $2 AND kind = $3 AND subject = $4`
)

var selectSealedAfter = sealedColumns +
	`WHERE (tenant, record, kind, subject) > ($1, $2, $3, $4) ` +
	fmt.Sprintf(`ORDER BY tenant, record, kind, subject LIMIT %d`, pageSize)

// PutSealed stores the secret. A secret with a Revision replaces only that revision, and
// one with vault.NoRevision none. Otherwise the error is vault.ErrChanged.
func (s *Store) PutSealed(ctx context.Context, sealed vault.SealedSecret) error {
	if err := sealed.Check(); err != nil {
		return err
	}
	expires := ""
	if !sealed.Expires.IsZero() {
		expires = sealed.Expires.UTC().Format(time.RFC3339Nano)
	}
	data := sealed.Data
	if data == nil {
		data = []byte{} // nil would be NULL
	}
	statement, revision := updateSealed, sealed.Revision
	switch revision {
	case 0:
		statement, revision = putSealed, 1+rand.Int64N(1<<62)
	case vault.NoRevision:
		statement, revision = insertSealed, 1+rand.Int64N(1<<62)
	}
	written, err := s.exec(ctx, statement, append(place(sealed.Ref), expires, sealed.Key, data, revision)...)
	if err == nil && !written {
		err = vault.ErrChanged
	}
	return about("put", sealed.Ref.String(), err)
}

// GetSealed returns the secret.
func (s *Store) GetSealed(ctx context.Context, ref vault.Ref) (vault.SealedSecret, error) {
	var row sealedRow
	err := s.row(ctx, vault.ErrNoSecret, selectSealed, place(ref), row.targets())
	if err != nil {
		return vault.SealedSecret{}, about("get", ref.String(), err)
	}
	return row.secret()
}

// DeleteSealed removes the secret, if there is one.
func (s *Store) DeleteSealed(ctx context.Context, ref vault.Ref) error {
	_, err := s.exec(ctx, deleteSealed, place(ref)...)
	return about("delete", ref.String(), err)
}

// ListSealed yields the secrets behind after, in the order of their Refs.
func (s *Store) ListSealed(ctx context.Context, after vault.Ref) iter.Seq2[vault.SealedSecret, error] {
	return func(yield func(vault.SealedSecret, error) bool) {
		for last := after; ; {
			secrets, err := page(ctx, s, scanSealed, selectSealedAfter, place(last)...)
			if err != nil {
				yield(vault.SealedSecret{}, about("list the secrets after", last.String(), err))
				return
			}
			for _, sealed := range secrets {
				if last = sealed.Ref; !yield(sealed, nil) {
					return
				}
			}
			if len(secrets) < pageSize {
				return
			}
		}
	}
}

// place returns the primary key of a Ref.
func place(ref vault.Ref) []any {
	return []any{string(ref.Tenant), ref.Record, string(ref.Kind), ref.Subject}
}

// sealedRow is a row of wagraph_secrets as it is scanned.
type sealedRow struct {
	sealed  vault.SealedSecret
	expires string
}

func (r *sealedRow) targets() []any {
	b := &r.sealed
	return []any{&b.Tenant, &b.Record, &b.Kind, &b.Subject, &r.expires, &b.Key, &b.Data, &b.Revision}
}

func (r *sealedRow) secret() (vault.SealedSecret, error) {
	if r.expires == "" {
		return r.sealed, nil
	}
	var err error
	if r.sealed.Expires, err = time.Parse(time.RFC3339Nano, r.expires); err != nil {
		return vault.SealedSecret{}, about("read the expiry of", r.sealed.Ref.String(), err)
	}
	return r.sealed, nil
}

func scanSealed(rows *sql.Rows) (vault.SealedSecret, error) {
	var row sealedRow
	if err := rows.Scan(row.targets()...); err != nil {
		return vault.SealedSecret{}, err
	}
	return row.secret()
}
