package sdktest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Kinds returns all kinds of errors.
func Kinds() []graph.Kind {
	return []graph.Kind{
		graph.ErrInput, graph.ErrAuth, graph.ErrPermission, graph.ErrNotFound, graph.ErrInvalid, graph.ErrThrottled, graph.ErrWait,
		graph.ErrAccountState, graph.ErrTooMuchData, graph.ErrTransient, graph.ErrInterrupted, graph.ErrOutcomeUnknown,
		graph.ErrReadAfterWrite, graph.ErrBadResponse, graph.ErrCursorExpired, graph.ErrTooMany, graph.ErrConflict,
		graph.ErrRefused, graph.ErrPanicked, graph.ErrUnclassified,
	}
}

// RequireOneKind asserts that an error has exactly one kind, which KindOf returns.
func RequireOneKind(t testing.TB, err error) {
	t.Helper()
	var found []graph.Kind
	for _, kind := range Kinds() {
		if errors.Is(err, kind) {
			found = append(found, kind)
		}
	}
	require.Equal(t, []graph.Kind{graph.KindOf(err)}, found, "the kinds of: %v", err)
}
