package onboard

import (
	"crypto/rand"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// InMemory returns a Config for a first try: its records are in a MemoryStore, and
// its secrets in memory, sealed with a random key. Everything is lost with the
// process, the clients' tokens and PINs too. Set Line and Currency, if there is a
// credit line, and pass the Config to New, which checks it.
func InMemory(client *graph.Client, app signup.App, business graph.BusinessID) (Config, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return Config{}, err
	}
	ring, err := vault.NewKeyring("memory", map[string][]byte{"memory": key})
	if err != nil {
		return Config{}, err
	}
	sealed, err := vault.NewSealedVault(vault.NewMemoryStorage(), ring)
	if err != nil {
		return Config{}, err
	}
	return Config{
		Client: client, App: app, Business: business,
		Store: NewMemoryStore(), Vault: sealed,
	}, nil
}
