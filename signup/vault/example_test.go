package vault_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// A vault encrypts with the newest key of its ring, and decrypts with all keys.
func ExampleSealedVault() {
	ctx := context.Background()
	key := make([]byte, vault.KeySize) // from a secret manager; never from the database
	_, _ = rand.Read(key)
	ring, err := vault.NewKeyring("2026-11", map[string][]byte{"2026-11": key})
	if err != nil {
		panic(err)
	}
	secrets, err := vault.NewSealedVault(vault.NewMemoryStorage(), ring)
	if err != nil {
		panic(err)
	}

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

// To change the key, make a ring with both keys in which the new one is the newest, and
// run Rotate. A rotation that was interrupted continues after the last Ref.
func ExampleSealedVault_Rotate() {
	ctx := context.Background()
	oldKey, newKey := make([]byte, vault.KeySize), make([]byte, vault.KeySize)
	_, _ = rand.Read(oldKey)
	_, _ = rand.Read(newKey)
	store := vault.NewMemoryStorage()
	before, _ := vault.NewKeyring("2025", map[string][]byte{"2025": oldKey})
	secrets, err := vault.NewSealedVault(store, before)
	if err != nil {
		panic(err)
	}
	for _, record := range []string{"record-1", "record-2"} {
		ref := vault.Ref{Tenant: "acme", Record: record, Kind: vault.SecretToken}
		if err := secrets.Put(ctx, ref, graph.NewSecret("EAAG..."), time.Time{}); err != nil {
			panic(err)
		}
	}

	both, _ := vault.NewKeyring("2026", map[string][]byte{"2025": oldKey, "2026": newKey})
	secrets, err = vault.NewSealedVault(store, both)
	if err != nil {
		panic(err)
	}
	var last vault.Ref
	for rotated, err := range secrets.Rotate(ctx, vault.RotateOptions{After: last}) {
		if err != nil {
			panic(err)
		}
		fmt.Println(rotated.Ref.Record, rotated.From, "->", rotated.To)
		last = rotated.Ref // store it, in case the process ends
	}
	fmt.Println("done up to", last.Record)
	// Output:
	// record-1 2025 -> 2026
	// record-2 2025 -> 2026
	// done up to record-2
}

// A vault needs a storage and keys.
func ExampleNewSealedVault() {
	ring, err := vault.NewKeyring("2026-11", map[string][]byte{"2026-11": []byte("thirty-two random bytes, in fact")})
	if err != nil {
		panic(err)
	}
	_, err = vault.NewSealedVault(vault.NewMemoryStorage(), ring)
	fmt.Println(err)
	_, err = vault.NewSealedVault(nil, ring)
	fmt.Println(err)
	// Output:
	// <nil>
	// wagraph: storage is nil: vault.NewMemoryStorage makes one in memory, sqlstore.New one in a database
}

// A ring shows the names of its keys, never the keys.
func ExampleKeyring() {
	ring, err := vault.NewKeyring("2026-11", map[string][]byte{
		"2025-11": []byte("thirty-two random bytes, in fact"),
		"2026-11": []byte("other thirty-two bytes, in fact."),
	})
	fmt.Println(ring, err)
	_, err = vault.NewKeyring("2026-11", map[string][]byte{"2026-11": []byte("too short")})
	fmt.Println(err)
	// Output:
	// keyring of 2025-11, 2026-11, newest 2026-11 <nil>
	// wagraph: key 2026-11 has 9 bytes, not 32
}
