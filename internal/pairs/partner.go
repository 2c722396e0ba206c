package pairs

import (
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Callback is where the webhooks of the clients go.
func Callback() waba.Callback {
	return waba.Callback{URI: "https://hooks.example.test/pairs", VerifyToken: graph.NewSecret("verify-token-of-the-pairs")}
}

// Config is the partner's: everything is done. Client, Store and Vault are the test's
// to add.
func Config(w graphtest.World) onboard.Config {
	callback := Callback()
	return onboard.Config{
		App: signup.App{ID: w.App, Secret: w.AppSecret}, Business: w.Business, Currency: "EUR",
		Callback: &callback, SystemUser: w.Employee.ID, Line: w.CreditLine,
	}
}

// Keyring returns the partner's keys. They are the same in every process.
func Keyring() (*vault.Keyring, error) {
	return vault.NewKeyring("k1", map[string][]byte{"k1": []byte("pairs: a key of thirty-two bytes")})
}
