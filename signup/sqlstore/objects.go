package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

const (
	selectObjects = `SELECT kind, object FROM wagraph_objects WHERE tenant = $1 AND record = $2`
	deleteObject  = `DELETE FROM wagraph_objects WHERE tenant = $1 AND record = $2 AND kind = $3 AND object = $4`
)

// objectsAtOnce bounds the parameters of a statement: SQLite takes 999.
const objectsAtOnce = 100

// insertObjects is the statement for a number of objects.
func insertObjects(n int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("($1, $2, $%d, $%d)", 2*i+3, 2*i+4)
	}
	return `INSERT INTO wagraph_objects (tenant, record, kind, object) VALUES ` + strings.Join(rows, ", ")
}

// digest is the same for the same objects: with it an update finds out whether they
// have changed. It is empty if there are none.
func digest(objects []onboard.Object) string {
	if len(objects) == 0 {
		return ""
	}
	hash := sha256.New()
	for _, object := range objects {
		fmt.Fprintf(hash, "%s\x00%s\x00", object.Kind, object.ID)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// addObjects writes rows for objects that the record has no rows for.
func (s *Store) addObjects(ctx context.Context, tx querier, record onboard.Record, objects []onboard.Object) error {
	for some := range slices.Chunk(objects, objectsAtOnce) {
		args := []any{string(record.Tenant), record.ID}
		for _, object := range some {
			args = append(args, string(object.Kind), object.ID)
		}
		if _, err := s.dialect.exec(ctx, tx, insertObjects(len(some)), args...); err != nil {
			return err
		}
	}
	return nil
}

// replaceObjects deletes and writes what is different. The row of the record must be
// locked: no other writer changes its objects.
func (s *Store) replaceObjects(ctx context.Context, tx querier, record onboard.Record) error {
	before, err := all(ctx, s.dialect, tx, scanObject, selectObjects, string(record.Tenant), record.ID)
	if err != nil {
		return err
	}
	added := record.Objects()
	for _, object := range before {
		if i := slices.Index(added, object); i >= 0 {
			added = slices.Delete(added, i, i+1)
			continue
		}
		_, err := s.dialect.exec(ctx, tx, deleteObject, string(record.Tenant), record.ID, string(object.Kind), object.ID)
		if err != nil {
			return err
		}
	}
	return s.addObjects(ctx, tx, record, added)
}

func scanObject(rows *sql.Rows) (object onboard.Object, err error) {
	err = rows.Scan(&object.Kind, &object.ID)
	return object, err
}
