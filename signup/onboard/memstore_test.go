package onboard_test

import (
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/storetest"
	"testing"
)

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	storetest.TestStore(t, func(*testing.T) onboard.Store { return onboard.NewMemoryStore() })
}
