package signup_test

import (
	"testing"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/signuptest"
)

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	signuptest.TestStore(t, func(*testing.T) signup.Store { return signup.NewMemoryStore() })
}
