package vault_test

import (
	"github.com/seed-8fdceacd/wagraph/signup/storetest"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"testing"
)

func TestMemoryStorage(t *testing.T) {
	t.Parallel()
	t.Run("Storage", func(t *testing.T) {
		storetest.TestBlobs(t, func(*testing.T) vault.Storage { return vault.NewMemoryStorage() })
	})
	t.Run("Sealing", func(t *testing.T) {
		storetest.TestSealing(t, func(*testing.T) vault.Storage { return vault.NewMemoryStorage() })
	})
}
