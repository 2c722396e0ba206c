package sqlstore

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// Moments that an integer of nanoseconds cannot hold keep their place in the
// order, at the ends of the scale.
func TestNanoseconds_KeepTheOrder(t *testing.T) {
	previous := int64(math.MinInt64)
	for _, at := range []time.Time{
		{}, time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC), earliest, earliest.Add(1), time.Unix(0, -1), time.Unix(0, 0),
		time.Date(2026, 11, 22, 0, 0, 0, 1, time.UTC), latest.Add(-1), latest, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		n := nanoseconds(at)
		require.GreaterOrEqual(t, n, previous, "%v", at)
		if at.After(earliest) && at.Before(latest) {
			require.Equal(t, at.UnixNano(), n)
			require.Greater(t, n, previous, "%v", at)
		}
		previous = n
	}
	require.Equal(t, int64(math.MaxInt64), previous)
}

// Values reach the database as parameters, never as text of the statement.
func TestSelectionBindsEveryValue(t *testing.T) {
	evil := "'; DROP TABLE wagraph_signups; --"
	query, args := selection(onboard.Filter{
		Tenant: signup.Tenant(evil), States: []onboard.State{"b", "a", onboard.State(evil), "a"},
		DueBefore: time.Unix(0, 42), After: evil,
	})
	require.NotContains(t, query, "DROP")
	require.Equal(t, []any{evil, evil, evil, "a", "b", int64(42)}, args, "each state once")
	require.Contains(t, query, "tenant = $2 AND state IN ($3, $4, $5) AND due <= $6")
	for _, d := range []Dialect{SQLite, PostgreSQL} {
		words, err := d.dialect()
		require.NoError(t, err)
		require.NotContains(t, words.words.Replace(query), "{", "%v", d)
	}
	_, args = selection(onboard.Filter{})
	require.Equal(t, []any{""}, args)
}
