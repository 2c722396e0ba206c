package credit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
)

// Each named error has a Kind, also when it is wrapped.
func TestErrors_HaveAKind(t *testing.T) {
	for err, kind := range map[error]graph.Kind{
		credit.ErrNotAttached: graph.ErrReadAfterWrite, credit.ErrNotRevoked: graph.ErrReadAfterWrite,
		credit.ErrOtherOwner: graph.ErrInvalid, credit.ErrOwnerUnknown: graph.ErrInvalid, credit.ErrOtherCurrency: graph.ErrInvalid,
		credit.ErrRevoked: graph.ErrAccountState,
	} {
		wrapped := fmt.Errorf("sharing: %w", err)
		require.Equal(t, kind, graph.KindOf(err))
		require.Equal(t, kind, graph.KindOf(wrapped))
		require.ErrorIs(t, wrapped, err)
		require.True(t, strings.HasPrefix(err.Error(), "credit: "), err)
	}
}
