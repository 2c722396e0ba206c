package promises_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// sources returns token sources with a mistake each.
func sources() map[string]graph.TokenSource {
	return map[string]graph.TokenSource{
		"fails": source(func(context.Context) (*oauth2.Token, error) { return nil, errors.New("vault is sealed") }),
		"fails with a token": source(func(context.Context) (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: "x"}, errors.New("half")
		}),
		"blocks":        source(func(ctx context.Context) (*oauth2.Token, error) { <-ctx.Done(); return nil, ctx.Err() }),
		"gives nothing": source(func(context.Context) (*oauth2.Token, error) { return &oauth2.Token{}, nil }),
		"gives a line break": source(func(context.Context) (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: "EAA\r\nX-Evil: 1"}, nil
		}),
		"gives a blank":         source(func(context.Context) (*oauth2.Token, error) { return &oauth2.Token{AccessToken: "EAA and more"}, nil }),
		"gives a NUL":           source(func(context.Context) (*oauth2.Token, error) { return &oauth2.Token{AccessToken: "EAA\x00"}, nil }),
		"fails with a deadline": source(func(context.Context) (*oauth2.Token, error) { return nil, context.DeadlineExceeded }),
		"is nil":                nil,
		"wraps a typed error": source(func(context.Context) (*oauth2.Token, error) {
			return nil, &graph.Error{Kind: graph.ErrAuth, Code: 190}
		}),
	}
}

type source func(context.Context) (*oauth2.Token, error)

func (s source) Token(ctx context.Context) (*oauth2.Token, error) { return s(ctx) }

// TestTokenSource_NoRequestWithoutAToken uses each token source for each kind of
// request.
func TestTokenSource_NoRequestWithoutAToken(t *testing.T) {
	t.Parallel()
	for name, source := range sources() {
		synctest.Test(t, func(t *testing.T) {
			fx := newFixture(t)
			client := fx.client.As(source)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			batch := graph.NewBatch(client)
			result := graph.Add(batch, fx.readAccount())
			errs := []error{
				client.Do(ctx, graph.Request{Method: http.MethodGet, Route: "/me"}, nil),
				batch.Send(ctx),
				graph.SendByIDs(ctx, client, []graph.Op[struct{}]{{Request: fx.readAccount().Request}})[0].Err,
			}
			for _, err := range graph.NewList[struct{}](client, graph.Request{Route: "/me/accounts"}, graph.ListOptions{}).All(ctx) {
				errs = append(errs, err)
			}
			require.Len(t, errs, 4)
			for _, err := range errs {
				require.Error(t, err, name)
				require.NotEmpty(t, graph.KindOf(err), "%s: %v", name, err)
				require.NotContains(t, err.Error(), "Evil", name)
			}
			require.Error(t, result.Err, "%s: an op that was not sent has no value", name)
			require.Empty(t, fx.wire.sent(""), name)
		})
	}
}

// TestTokenSource_TokenCanChangeBetweenCalls: the token and its proof are computed
// for each call.
func TestTokenSource_TokenCanChangeBetweenCalls(t *testing.T) {
	t.Parallel()
	fx := newFixture(t)
	tokens := []graph.Secret{fx.world.Admin.Token, fx.world.Employee.Token}
	asked := 0
	client := fx.client.As(source(func(ctx context.Context) (*oauth2.Token, error) {
		asked++
		return graph.SecretToken(tokens[asked%2]).Token(ctx)
	}))
	proofs := map[string]bool{}
	for range 6 {
		require.NoError(t, client.Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/me"}, nil), "the proof fits the token")
	}
	for _, s := range fx.wire.sent("") {
		proofs[s.Header.Get("Authorization")+s.URL.Query().Get("appsecret_proof")] = true
	}
	require.Equal(t, 6, asked)
	require.Len(t, proofs, 2)
}

// TestClientAs_EachTenantUsesItsToken shares one client among many goroutines.
// Each has its own token and options.
func TestClientAs_EachTenantUsesItsToken(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, graphtest.WithProofRequired())
	tokens := []graph.Secret{fx.world.Admin.Token, fx.world.Employee.Token, fx.token}
	ids := make([][]graph.UserID, len(tokens))
	var wg sync.WaitGroup
	for i, token := range tokens {
		ids[i] = make([]graph.UserID, 20)
		for n := range ids[i] {
			wg.Go(func() {
				client := fx.client.As(graph.SecretToken(token))
				if n%2 == 0 {
					with, err := client.With(graph.WithVersion("v24.0"), graph.WithRetry(graph.RetryPolicy{MaxAttempts: n + 1}))
					if err != nil {
						return
					}
					client = with
				}
				var me struct {
					ID graph.UserID `json:"id"`
				}
				if client.Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/me"}, &me) == nil {
					ids[i][n] = me.ID
				}
			})
		}
	}
	wg.Wait()
	seen := map[graph.UserID]bool{}
	for i := range ids {
		require.NotEmpty(t, ids[i][0])
		require.Len(t, slices.Compact(ids[i]), 1, "one tenant called with the token of another")
		seen[ids[i][0]] = true
	}
	require.Len(t, seen, len(tokens))
}
