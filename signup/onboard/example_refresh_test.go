package onboard_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// Two daily jobs keep tokens alive, and notice clients that are gone.
func ExampleRefresh() {
	ctx := context.Background()
	server := graphtest.Start()
	world := server.World()
	signups := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	ring, _ := vault.NewKeyring("k", map[string][]byte{"k": []byte("a key of thirty-two bytes length")})
	secrets, err := vault.NewSealedVault(vault.NewMemoryStorage(), ring)
	if err != nil {
		panic(err)
	}
	for i, life := range []time.Duration{10 * 24 * time.Hour, 50 * 24 * time.Hour, 0} {
		done, err := server.Signup(graphtest.SignupOptions{TokenLifetime: life})
		if err != nil {
			panic(err)
		}
		token, err := signups.Redeem(ctx, signup.Callback{Code: done.Code})
		if err != nil {
			panic(err)
		}
		ref := vault.Ref{Tenant: "acme", Record: fmt.Sprintf("record-%d", i), Kind: vault.SecretToken}
		if err := secrets.Put(ctx, ref, token.Access, token.Expires); err != nil {
			panic(err)
		}
		if life == 0 {
			_ = server.RevokeToken(token.Access, 458) // the client removes the app
		}
	}

	for token, err := range onboard.Refresh(ctx, signups, secrets, onboard.RefreshOptions{}) {
		if err != nil {
			panic(err)
		}
		fmt.Println(token.Ref.Record, token.Result)
	}
	for token, err := range onboard.Validate(ctx, signups, secrets, onboard.ValidateOptions{}) {
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
