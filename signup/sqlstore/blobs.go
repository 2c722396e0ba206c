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
	putBlob = `INSERT INTO wagraph_secrets (tenant, record, kind, subject, expires, seal_key, data, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant, record, kind, subject) DO UPDATE
SET expires = excluded.expires, seal_key = excluded.seal_key, data = excluded.data, revision = wagraph_secrets.revision + 1`
	updateBlob = `UPDATE wagraph_secrets SET expires = $5, seal_key = $6, data = $7, revision = revision + 1
WHERE tenant = $1 AND record = $2 AND kind = $3 AND subject = $4 AND revision = $8`
	deleteBlob  = `DELETE FROM wagraph_secrets WHERE tenant = $1 AND record = $2 AND kind = $3 AND subject = $4`
	blobColumns = `SELECT tenant, record, kind, subject, expires, seal_key, data, revision FROM wagraph_secrets `
	selectBlob  = blobColumns + `WHERE tenant = $1 AND record = $2 AND kind = $3 AND subject = $4`
)

var selectBlobs = blobColumns +
	`WHERE (tenant, record, kind, subject) > ($1, $2, $3, $4) ` +
	fmt.Sprintf(`ORDER BY tenant, record, kind, subject LIMIT %d`, pageSize)

// PutBlob stores the blob. A blob with a Revision replaces only that revision;
// otherwise the error is vault.ErrChanged.
func (s *Store) PutBlob(ctx context.Context, blob vault.SealedSecret) error {
	if err := blob.Check(); err != nil {
		return err
	}
	expires := ""
	if !blob.Expires.IsZero() {
		expires = blob.Expires.UTC().Format(time.RFC3339Nano)
	}
	data := blob.Data
	if data == nil {
		data = []byte{} // nil would be NULL
	}
	statement, revision := updateBlob, blob.Revision
	if revision == 0 {
		statement, revision = putBlob, 1+rand.Int64N(1<<62)
	}
	written, err := s.exec(ctx, statement, append(place(blob.Ref), expires, blob.Key, data, revision)...)
	if err == nil && !written {
		err = vault.ErrChanged
	}
	return about("put", blob.Ref.String(), err)
}

// GetBlob returns the blob.
func (s *Store) GetBlob(ctx context.Context, ref vault.Ref) (vault.SealedSecret, error) {
	var row blobRow
	err := s.row(ctx, vault.ErrNoSecret, selectBlob, place(ref), row.targets())
	if err != nil {
		return vault.SealedSecret{}, about("get", ref.String(), err)
	}
	return row.blob()
}

// DeleteBlob removes the blob, if there is one.
func (s *Store) DeleteBlob(ctx context.Context, ref vault.Ref) error {
	_, err := s.exec(ctx, deleteBlob, place(ref)...)
	return about("delete", ref.String(), err)
}

// ListBlobs yields the blobs behind after, in the order of their Refs.
func (s *Store) ListBlobs(ctx context.Context, after vault.Ref) iter.Seq2[vault.SealedSecret, error] {
	return func(yield func(vault.SealedSecret, error) bool) {
		for last := after; ; {
			blobs, err := page(ctx, s, scanBlob, selectBlobs, place(last)...)
			if err != nil {
				yield(vault.SealedSecret{}, about("list the secrets after", last.String(), err))
				return
			}
			for _, blob := range blobs {
				if last = blob.Ref; !yield(blob, nil) {
					return
				}
			}
			if len(blobs) < pageSize {
				return
			}
		}
	}
}

// place returns the primary key of a Ref.
func place(ref vault.Ref) []any {
	return []any{string(ref.Tenant), ref.Record, string(ref.Kind), ref.Subject}
}

// blobRow is a row of wagraph_secrets as it is scanned.
type blobRow struct {
	sealed  vault.SealedSecret
	expires string
}

func (r *blobRow) targets() []any {
	b := &r.sealed
	return []any{&b.Tenant, &b.Record, &b.Kind, &b.Subject, &r.expires, &b.Key, &b.Data, &b.Revision}
}

func (r *blobRow) blob() (vault.SealedSecret, error) {
	if r.expires == "" {
		return r.sealed, nil
	}
	var err error
	if r.sealed.Expires, err = time.Parse(time.RFC3339Nano, r.expires); err != nil {
		return vault.SealedSecret{}, about("read the expiry of", r.sealed.Ref.String(), err)
	}
	return r.sealed, nil
}

func scanBlob(rows *sql.Rows) (vault.SealedSecret, error) {
	var row blobRow
	if err := rows.Scan(row.targets()...); err != nil {
		return vault.SealedSecret{}, err
	}
	return row.blob()
}
