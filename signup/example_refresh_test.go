package signup_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// Two daily jobs keep tokens alive, and notice clients that are gone.
func ExampleRefresh() {
	ctx := context.Background()
	server := graphtest.Start()
	world := server.World()
	signups := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	ring, _ := signup.NewKeyring("k", map[string][]byte{"k": []byte("a key of thirty-two bytes length")})
	secrets := signup.NewSealedVault(signup.NewMemoryStorage(), ring)
	for i, life := range []time.Duration{10 * 24 * time.Hour, 50 * 24 * time.Hour, 0} {
		done, err := server.Signup(graphtest.Signup{TokenLifetime: life})
		if err != nil {
			panic(err)
		}
		token, err := signups.Redeem(ctx, signup.Callback{Code: done.Code})
		if err != nil {
			panic(err)
		}
		ref := signup.Ref{Tenant: "acme", Record: fmt.Sprintf("record-%d", i), Kind: signup.SecretToken}
		if err := secrets.Put(ctx, ref, token.Access, token.Expires); err != nil {
			panic(err)
		}
		if life == 0 {
			_ = server.RevokeToken(token.Access, 458) // the client removes the app
		}
	}

	for token, err := range signup.Refresh(ctx, signups, secrets, signup.RefreshOptions{}) {
		if err != nil {
			panic(err)
		}
		fmt.Println(token.Ref.Record, token.Result)
	}
	for token, err := range signup.Validate(ctx, signups, secrets, signup.ValidateOptions{}) {
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
