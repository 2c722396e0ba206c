package phonenumbers_test

import (
	"testing"

	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
)

func TestNew_ZeroClientsAreInputErrors(t *testing.T) {
	t.Logf("%d calls", sdktest.CheckZeroClients(t, phonenumbers.New, "phonenumbers.New"))
}
