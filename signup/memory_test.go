package signup_test

import (
	"testing"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/signuptest"
)

func TestMemoryStorage(t *testing.T) {
	t.Parallel()
	t.Run("Storage", func(t *testing.T) {
		signuptest.TestBlobs(t, func(*testing.T) signup.Storage { return signup.NewMemoryStorage() })
	})
	t.Run("Sealing", func(t *testing.T) {
		signuptest.TestSealing(t, func(*testing.T) signup.Storage { return signup.NewMemoryStorage() })
	})
}
