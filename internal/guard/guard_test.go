package guard_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

var errKind = errors.New("kind")

func TestRun(t *testing.T) {
	plain := errors.New("plain")
	require.NoError(t, guard.Run("Store.Get", errKind, func() error { return nil }))
	require.Equal(t, plain, guard.Run("Store.Get", errKind, func() error { return plain }))

	err := guard.Run("Store.Get", errKind, func() error { panic("no map") })
	require.EqualError(t, err, "Store.Get panicked: no map")
	require.ErrorIs(t, err, errKind)
	var panicked *guard.Panic
	require.ErrorAs(t, err, &panicked)
	require.Contains(t, string(panicked.Stack), "guard_test.TestRun")
}

func TestRun_PanicWithError(t *testing.T) {
	plain := errors.New("plain")
	err := guard.Run("Approve", errKind, func() error { panic(plain) })
	require.ErrorIs(t, err, plain)
	require.ErrorIs(t, err, errKind)
}

type textKind string

func (k textKind) Error() string { return string(k) }

// Code that panics with an error of another kind has the kind of a panic only.
func TestRun_PanicWithAnotherKind(t *testing.T) {
	cause := errors.New("cause")
	err := guard.Run("Approve", textKind("panicked"), func() error { panic(errors.Join(textKind("refused"), cause)) })
	require.ErrorIs(t, err, textKind("panicked"))
	require.NotErrorIs(t, err, textKind("refused"))
	require.ErrorIs(t, err, cause)
}
