package popup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// inputFieldOf returns the field that an InputError names.
func inputFieldOf(tb testing.TB, err error) string {
	tb.Helper()
	var input *graph.InputError
	require.ErrorAs(tb, err, &input)
	return input.Field
}
