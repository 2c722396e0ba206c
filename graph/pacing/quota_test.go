package pacing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestQuota_ClockSetBack checks that calls do not stay counted in the future.
func TestQuota_ClockSetBack(t *testing.T) {
	l, m := newLife(), &meta{limit: 200}
	for range 196 {
		l.call(m)
	}
	l.pass(-24 * time.Hour)
	got := l.take(l.now, hourly, 0)
	require.Equal(t, LimitReached, got.reason)
	require.LessOrEqual(t, got.wait, time.Hour+time.Minute)
	sent, _ := l.used()
	require.Equal(t, 196, sent, "no call is forgotten")
	l.pass(62 * time.Minute)
	require.True(t, l.take(l.now, hourly, 0).granted)
}

// TestQuota_SlowCallsCountFromTheirAnswer has an op of a batch let go twenty
// minutes before the batch is sent.
func TestQuota_SlowCallsCountFromTheirAnswer(t *testing.T) {
	l := newLife()
	start := l.now
	require.True(t, l.take(l.now, hourly, 0).granted)
	l.pass(20 * time.Minute)
	require.True(t, l.take(l.now, hourly, 0).granted) // another one, not yet answered
	l.observe(l.now, hourly, answer{start: start, reached: true, known: true})
	l.pass(45 * time.Minute)
	l.refresh(l.now, hourly)
	sent, _ := l.used()
	require.Equal(t, 2, sent, "Meta may still count both")
	l.pass(16 * time.Minute)
	l.refresh(l.now, hourly)
	sent, _ = l.used()
	require.Zero(t, sent)
}
