package popup_test

import (
	"testing"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/stretchr/testify/require"
)

// inputFieldOf returns the field that an InputError names.
func inputFieldOf(tb testing.TB, err error) string {
	tb.Helper()
	var input *graph.InputError
	require.ErrorAs(tb, err, &input)
	return input.Field
}
