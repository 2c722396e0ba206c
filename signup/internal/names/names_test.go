package names_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/internal/names"
)

func TestCheck(t *testing.T) {
	require.NoError(t, names.Check(names.Needed("tenant", "acme"), names.Optional("subject", "")))
	require.NoError(t, names.Check(names.Needed("tenant", strings.Repeat("ä", 127))))
	for text, says := range map[string]string{
		"":                       "tenant is empty",
		strings.Repeat("a", 256): "tenant has 256 bytes",
		"a\x00b":                 "tenant is not valid UTF-8, or contains a NUL",
		"\xff":                   "tenant is not valid UTF-8, or contains a NUL",
	} {
		err := names.Check(names.Optional("record", "1"), names.Needed("tenant", text))
		require.ErrorContains(t, err, says)
		require.Equal(t, graph.ErrInput, graph.KindOf(err))
	}
	require.Error(t, names.Check(names.Optional("subject", "\x00")))
}
