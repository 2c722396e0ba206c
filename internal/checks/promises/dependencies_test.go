package promises_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	layers "github.com/seed-8fdceacd/wagraph/internal/checks/layers"
)

// TestPromise8_ItStaysSmall: there are four direct dependencies. Only the package
// that needs one imports it, no exported signature has a type of one but those of
// oauth2, and nothing else is imported.
func TestPromise8_ItStaysSmall(t *testing.T) {
	tree, err := layers.LoadRepository()
	require.NoError(t, err)
	require.Len(t, layers.Dependencies, 4)
	require.Empty(t, layers.CheckDependencies(tree, layers.Dependencies))
}
