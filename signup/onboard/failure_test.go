package onboard

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// The Kind of an error decides whether a step is tried again.
func TestWaitAfter_DecidesOnKind(t *testing.T) {
	for _, tt := range []struct {
		err    error
		passes bool
	}{
		{credit.ErrOtherOwner, false},
		{credit.ErrOwnerUnknown, false},
		{credit.ErrOtherCurrency, false},
		{credit.ErrRevoked, false},
		{errNotOurs, false},
		{vault.ErrSealBroken, false},
		{graph.ErrInvalid, false},
		{&graph.Error{Kind: graph.ErrNotFound}, false},
		{vault.ErrNoSecret, true},
		{ErrNoRecord, true},
		{credit.ErrNotAttached, true},
		{credit.ErrNotRevoked, true},
		{graph.ErrReadAfterWrite, true},
		{graph.ErrOutcomeUnknown, true},
		{graph.ErrThrottled, true},
		{errors.New("the database is down"), true},
	} {
		for _, err := range []error{tt.err, fmt.Errorf("sharing: %w", tt.err)} {
			wait, passes := waitAfter(err, 1, time.Now())
			require.Equal(t, tt.passes, passes, err)
			if tt.passes {
				require.Positive(t, wait, err)
			}
		}
	}
}
