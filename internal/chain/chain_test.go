package chain_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/chain"
)

type kind string

func (k kind) Error() string { return string(k) }

const (
	gone    kind = "gone"
	refused kind = "refused"
)

func TestWithout(t *testing.T) {
	path := &fs.PathError{Op: "open", Path: "x", Err: context.Canceled}
	whole := fmt.Errorf("%w, then %w", gone, path)
	err := chain.Without(whole, refused)
	require.Equal(t, whole.Error(), err.Error())
	require.NotErrorIs(t, err, gone)
	require.NotErrorIs(t, err, refused)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, path)
	var found kind
	require.NotErrorAs(t, err, &found)
	var asPath *fs.PathError
	require.ErrorAs(t, err, &asPath)
	require.ErrorIs(t, fmt.Errorf("%w: %w", refused, err), refused)

	require.NoError(t, chain.Without(nil, gone))
	require.Same(t, path, chain.Without(path, errors.New("a single error")))
	require.Same(t, path, chain.Without(path, nil))
}

func TestJoin(t *testing.T) {
	require.NoError(t, chain.Join(gone))
	require.NoError(t, chain.Join(gone, nil, nil))
	require.Equal(t, refused, chain.Join(gone, nil, refused, nil))
	err := chain.Join(gone, nil, refused, fmt.Errorf("%w: %w", gone, context.Canceled))
	require.ErrorIs(t, err, refused)
	require.NotErrorIs(t, err, gone)
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, err, "refused\ngone: context canceled")
}
