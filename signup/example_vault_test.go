package signup_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// A vault seals with the newest key of its ring, and opens with any.
func ExampleSealedVault() {
	ctx := context.Background()
	key := make([]byte, signup.KeySize) // from a secret manager; never from the database
	_, _ = rand.Read(key)
	ring, err := signup.NewKeyring("2026-11", map[string][]byte{"2026-11": key})
	if err != nil {
		panic(err)
	}
	vault := signup.NewSealedVault(signup.NewMemoryStore(), ring)

	ref := signup.Ref{Tenant: "acme", Record: "record-1", Kind: signup.SecretToken}
	err = vault.Put(ctx, ref, wagraph.NewSecret("EAAG..."), time.Now().Add(signup.RenewedLife))
	if err != nil {
		panic(err)
	}
	secret, err := vault.Get(ctx, ref)
	fmt.Println(secret, err)

	ref.Tenant = "globex"
	_, err = vault.Get(ctx, ref)
	fmt.Println(err)
	// Output:
	// [redacted] <nil>
	// signup: open "token" of record "record-1" of tenant "globex": signup: no such secret in the vault
}

// Changing the key: both keys in the ring, the new one as the newest, and a pass
// over the vault. A pass that was interrupted continues behind the last Ref.
func ExampleSealedVault_Rotate() {
	ctx := context.Background()
	oldKey, newKey := make([]byte, signup.KeySize), make([]byte, signup.KeySize)
	_, _ = rand.Read(oldKey)
	_, _ = rand.Read(newKey)
	store := signup.NewMemoryStore()
	before, _ := signup.NewKeyring("2025", map[string][]byte{"2025": oldKey})
	vault := signup.NewSealedVault(store, before)
	for _, record := range []string{"record-1", "record-2"} {
		ref := signup.Ref{Tenant: "acme", Record: record, Kind: signup.SecretToken}
		if err := vault.Put(ctx, ref, wagraph.NewSecret("EAAG..."), time.Time{}); err != nil {
			panic(err)
		}
	}

	both, _ := signup.NewKeyring("2026", map[string][]byte{"2025": oldKey, "2026": newKey})
	vault = signup.NewSealedVault(store, both)
	var last signup.Ref
	for rotated, err := range vault.Rotate(ctx, signup.RotateOptions{After: last}) {
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

// Two daily jobs keep tokens alive, and notice clients that are gone.
func ExampleRefresh() {
	ctx := context.Background()
	server := graphtest.Start()
	world := server.World()
	signups := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	ring, _ := signup.NewKeyring("k", map[string][]byte{"k": []byte("a key of thirty-two bytes length")})
	vault := signup.NewSealedVault(signup.NewMemoryStore(), ring)
	for i, life := range []time.Duration{10 * 24 * time.Hour, 50 * 24 * time.Hour, 0} {
		done, err := server.Signup(graphtest.SignupOptions{TokenLifetime: life})
		if err != nil {
			panic(err)
		}
		token, err := signups.Redeem(ctx, signup.Callback{Code: done.Code})
		if err != nil {
			panic(err)
		}
		ref := signup.Ref{Tenant: "acme", Record: fmt.Sprintf("record-%d", i), Kind: signup.SecretToken}
		if err := vault.Put(ctx, ref, token.Access, token.Expires); err != nil {
			panic(err)
		}
		if life == 0 {
			_ = server.RevokeToken(token.Access, 458) // the client removes the app
		}
	}

	for token, err := range signup.Refresh(ctx, signups, vault, signup.RefreshOptions{}) {
		if err != nil {
			panic(err)
		}
		fmt.Println(token.Ref.Record, token.Result)
	}
	for token, err := range signup.Validate(ctx, signups, vault, signup.ValidateOptions{}) {
		if err != nil {
			panic(err)
		}
		fmt.Println(token.Ref.Record, token.Standing)
	}
	// Output:
	// record-0 renewed
	// record-1 not_due
	// record-2 not_due
	// record-0 live
	// record-1 live
	// record-2 disconnected
}

// Several processes share a Store: whoever writes first wins, and the other is
// told.
func ExampleStore() {
	ctx := context.Background()
	var store signup.Store = signup.NewMemoryStore()
	record, err := store.Insert(ctx, signup.Record{
		ID: "record-1", Tenant: "acme", App: "634974688087057", Key: "hash of the code", State: signup.StateRunning,
	})
	if err != nil {
		panic(err)
	}
	mine, theirs := record.Clone(), record.Clone()
	theirs.Lease = signup.Lease{Owner: "worker-2", Until: time.Now().Add(time.Minute)}
	theirs, err = store.Update(ctx, theirs)
	fmt.Println(theirs.Revision, err)
	mine.Lease = signup.Lease{Owner: "worker-1", Until: time.Now().Add(time.Minute)}
	_, err = store.Update(ctx, mine)
	fmt.Println(err)
	// Output:
	// 2 <nil>
	// signup: the record was changed by another writer
}
