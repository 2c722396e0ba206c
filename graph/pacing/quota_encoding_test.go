package pacing

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// walked returns a Quota after a random life, the same for the same seed.
func walked(seed uint64) *life {
	rng := rand.New(rand.NewPCG(seed, 1))
	l := newLife()
	for range 300 {
		switch n := rng.IntN(100); {
		case n < 70:
			l.take(l.now, hourly, 0)
		case n < 95:
			l.answer(rng.IntN(100), rng.IntN(101))
		case n < 97:
			l.observe(l.now, hourly, answer{start: l.now, reached: true, refused: true})
		}
		l.pass(time.Duration(rng.IntN(60)) * time.Second)
	}
	return l
}

// TestQuota_MarshalBinary stores Quotas and reads them back.
func TestQuota_MarshalBinary(t *testing.T) {
	for seed := range uint64(50) {
		l := walked(seed)
		data, err := l.MarshalBinary()
		require.NoError(t, err)
		require.Less(t, len(data), 3000)
		var back Quota
		require.NoError(t, back.UnmarshalBinary(data))
		require.Equal(t, l.Quota, back)
	}
}

// TestQuota_UnmarshalDamaged checks that a stored Quota with one byte changed or
// missing is refused, and that the result is the zero Quota.
func TestQuota_UnmarshalDamaged(t *testing.T) {
	data, err := walked(7).MarshalBinary()
	require.NoError(t, err)
	for i := range data {
		for _, damaged := range [][]byte{data[:i], append(append(append([]byte{}, data[:i]...), data[i]^0x20), data[i+1:]...)} {
			back := walked(3).Quota
			require.Equal(t, graph.ErrInput, graph.KindOf(back.UnmarshalBinary(damaged)))
			require.Equal(t, Quota{}, back)
		}
	}
}

// FuzzQuota gives any bytes to the decoder. What it accepts must be a Quota that
// works, and that is stored again as it was.
func FuzzQuota(f *testing.F) {
	for seed := range uint64(4) {
		data, err := walked(seed).MarshalBinary()
		require.NoError(f, err)
		f.Add(data[:len(data)-4])
	}
	f.Add([]byte{quotaFormat, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		var l Quota
		if l.UnmarshalBinary(appendChecksum(slices.Clone(body))) != nil {
			require.Equal(t, Quota{}, l)
			return
		}
		data, err := l.MarshalBinary()
		require.NoError(t, err)
		var again Quota
		require.NoError(t, again.UnmarshalBinary(data))
		require.Equal(t, l, again)
		now := int64(400_000 * time.Hour)
		got := l.take(now, hourly, 0)
		require.GreaterOrEqual(t, got.wait, time.Duration(0))
		l.observe(now, hourly, answer{start: now, reached: true, known: true})
		sent, others := l.used()
		require.GreaterOrEqual(t, sent, 0)
		require.GreaterOrEqual(t, others, 0)
	})
}
