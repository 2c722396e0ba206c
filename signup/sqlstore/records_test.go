package sqlstore

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
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
