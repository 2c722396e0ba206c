package signup_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// TestATokenIsNotLostOverItsLifetime: the code gives no second one.
func TestATokenIsNotLostOverItsLifetime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		`5183944`: 5183944 * time.Second, `"5183944"`: 5183944 * time.Second, `5183944.0`: 5183944 * time.Second,
		`0`: 0, `null`: 0, `"never"`: 0, `false`: 0, `{}`: 0, `[]`: 0, `-1`: 0, `1e300`: 0,
	} {
		t.Run(text, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				done, _ := b.client(t, graphtest.SignupOptions{})
				b.server.Once("POST /oauth/access_token", graphtest.Fault{
					Body: []byte(`{"access_token":"EAAkept","token_type":"bearer","expires_in":` + text + `}`),
				})
				token, err := signup.New(b.server.Client(), signup.App{ID: b.world.App, Secret: b.world.AppSecret}).
					Redeem(t.Context(), signup.Callback{Code: done.Code})
				require.NoError(t, err)
				require.Equal(t, "EAAkept", token.Access.Reveal())
				if want == 0 {
					require.True(t, token.Expires.IsZero())
				} else {
					require.Equal(t, want, time.Until(token.Expires))
				}
			})
		})
	}
}
