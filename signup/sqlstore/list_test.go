package sqlstore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// Values reach the database as parameters, never as text of the statement.
func TestSelectionBindsEveryValue(t *testing.T) {
	evil := "'; DROP TABLE wagraph_signups; --"
	query, args := selection(onboard.Filter{
		Tenant: signup.Tenant(evil), States: []onboard.State{"b", "a", onboard.State(evil), "a"},
		Session: evil, Business: graph.BusinessID(evil), Number: graph.PhoneNumberID(evil),
		DueBefore: time.Unix(0, 42), DeadlineBefore: time.Unix(0, 43), After: evil,
	})
	require.NotContains(t, query, "DROP")
	require.Equal(t, []any{evil, evil, evil, "business", evil, "number", evil, evil, "a", "b", int64(42), int64(43)}, args, "each state once")
	require.Contains(t, query, "state IN ($8, $9, $10) AND due <= $11 AND deadline <= $12")
	for _, d := range []Dialect{SQLite, PostgreSQL} {
		words, err := d.dialect()
		require.NoError(t, err)
		require.NotContains(t, words.words.Replace(query), "{", "%v", d)
	}
	_, args = selection(onboard.Filter{})
	require.Equal(t, []any{""}, args)
}
