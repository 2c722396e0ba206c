package sqlstore

import (
	"context"
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

func TestNew_RefusesNil(t *testing.T) {
	var none context.Context
	for says, call := range map[string]func() error{
		"database is nil": func() error { _, err := New(t.Context(), nil, SQLite); return err },
		"context is nil":  func() error { _, err := New(none, new(sql.DB), SQLite); return err },
		"dialect":         func() error { _, err := New(t.Context(), new(sql.DB), 0); return err },
		"sqlstore.New makes one": func() error {
			_, err := new(Store).Get(t.Context(), "1")
			return err
		},
		"store is nil or empty": func() error {
			for _, err := range (*Store)(nil).List(t.Context(), onboard.Filter{}) {
				return err
			}
			return nil
		},
	} {
		err := call()
		require.ErrorContains(t, err, says)
		require.Equal(t, graph.ErrInput, graph.KindOf(err), "%v", err)
	}
	require.ErrorContains(t, Migrate(t.Context(), nil, PostgreSQL), "database is nil")
}
