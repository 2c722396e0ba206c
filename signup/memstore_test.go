package signup_test

import (
	"testing"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/signuptest"
)

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	t.Run("Store", func(t *testing.T) {
		signuptest.TestStore(t, func(*testing.T) signup.Store { return signup.NewMemoryStore() })
	})
	t.Run("Blobs", func(t *testing.T) {
		signuptest.TestBlobs(t, func(*testing.T) signup.Storage { return signup.NewMemoryStore() })
	})
	t.Run("Sealing", func(t *testing.T) {
		signuptest.TestSealing(t, func(*testing.T) signup.Storage { return signup.NewMemoryStore() })
	})
}
