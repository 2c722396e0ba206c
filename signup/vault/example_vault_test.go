package vault_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// A vault seals with the newest key of its ring, and opens with any.
func ExampleSealedVault() {
	ctx := context.Background()
	key := make([]byte, vault.KeySize) // from a secret manager; never from the database
	_, _ = rand.Read(key)
	ring, err := vault.NewKeyring("2026-11", map[string][]byte{"2026-11": key})
	if err != nil {
		panic(err)
	}
	secrets := vault.NewSealedVault(vault.NewMemoryStorage(), ring)

	ref := vault.Ref{Tenant: "acme", Record: "record-1", Kind: vault.SecretToken}
	err = secrets.Put(ctx, ref, graph.NewSecret("EAAG..."), time.Now().Add(60*24*time.Hour))
	if err != nil {
		panic(err)
	}
	secret, err := secrets.Get(ctx, ref)
	fmt.Println(secret, err)

	ref.Tenant = "globex"
	_, err = secrets.Get(ctx, ref)
	fmt.Println(err)
	// Output:
	// [redacted] <nil>
	// vault: open "token" of record "record-1" of tenant "globex": vault: no such secret
}

// Changing the key: both keys in the ring, the new one as the newest, and a pass
// over the vault. A pass that was interrupted continues behind the last Ref.
func ExampleSealedVault_Rotate() {
	ctx := context.Background()
	oldKey, newKey := make([]byte, vault.KeySize), make([]byte, vault.KeySize)
	_, _ = rand.Read(oldKey)
	_, _ = rand.Read(newKey)
	store := vault.NewMemoryStorage()
	before, _ := vault.NewKeyring("2025", map[string][]byte{"2025": oldKey})
	secrets := vault.NewSealedVault(store, before)
	for _, record := range []string{"record-1", "record-2"} {
		ref := vault.Ref{Tenant: "acme", Record: record, Kind: vault.SecretToken}
		if err := secrets.Put(ctx, ref, graph.NewSecret("EAAG..."), time.Time{}); err != nil {
			panic(err)
		}
	}

	both, _ := vault.NewKeyring("2026", map[string][]byte{"2025": oldKey, "2026": newKey})
	secrets = vault.NewSealedVault(store, both)
	var last vault.Ref
	for rotated, err := range secrets.Rotate(ctx, vault.RotateOptions{After: last}) {
		if err != nil {
			panic(err)
		}
		fmt.Println(rotated.Ref.Record, rotated.From, "->", rotated.To)
		last = rotated.Ref // keep it, in case the process ends
	}
	fmt.Println("done up to", last.Record)
	// Output:
	// record-1 2025 -> 2026
	// record-2 2025 -> 2026
	// done up to record-2
}
