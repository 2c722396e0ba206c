package onboard_test

import (
	"testing"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/storetest"
)

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	storetest.TestStore(t, func(*testing.T) onboard.Store { return onboard.NewMemoryStore() }, storetest.StoreOptions{})
}
