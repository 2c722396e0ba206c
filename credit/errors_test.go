package credit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
)

// Each named error has a Kind, also when it is wrapped.
func TestErrors_HaveAKind(t *testing.T) {
	for err, kind := range map[error]wagraph.Kind{
		credit.ErrNotAttached: wagraph.ErrReadAfterWrite, credit.ErrNotRevoked: wagraph.ErrReadAfterWrite,
		credit.ErrOtherOwner: wagraph.ErrInvalid, credit.ErrOwnerUnknown: wagraph.ErrInvalid, credit.ErrOtherCurrency: wagraph.ErrInvalid,
		credit.ErrRevoked: wagraph.ErrAccountState,
	} {
		wrapped := fmt.Errorf("sharing: %w", err)
		require.Equal(t, kind, wagraph.KindOf(err))
		require.Equal(t, kind, wagraph.KindOf(wrapped))
		require.ErrorIs(t, wrapped, err)
		require.True(t, strings.HasPrefix(err.Error(), "credit: "), err)
	}
}
