package signup_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

const accountRoute = "GET /{waba-id}"

func grantsOf(tb testing.TB, signups *signup.Client, token signup.Token) signup.Grants {
	tb.Helper()
	info, err := signups.Debug(tb.Context(), token.Access)
	require.NoError(tb, err)
	return info.Grants()
}

func TestClient_ConfirmAccounts_RefusesAnotherCustomersAccount(t *testing.T) {
	for name, drift := range map[string]graphtest.Drift{"limited": graphtest.NoDrift, "unrestricted": graphtest.NoTargets} {
		t.Run(name, func(t *testing.T) {
			server := graphtest.New(t)
			signups, done, token := redeemed(t, server, graphtest.SignupOptions{Drift: drift})
			grants := grantsOf(t, signups, token)
			foreign := server.World().ClientWABAs[0]
			before := len(server.Calls())
			confirmed, err := signups.ConfirmAccounts(t.Context(), token, []graph.WABAID{foreign, done.WABAs[0], foreign, "1.02e+17", ""}, grants)
			require.NoError(t, err)

			require.Len(t, confirmed.Accounts, 1)
			require.Equal(t, done.WABAs[0], confirmed.Accounts[0].Account.ID)
			require.NotEmpty(t, confirmed.Accounts[0].Account.Name)
			refused := map[graph.WABAID]error{}
			for _, claim := range confirmed.Refused {
				refused[claim.ID] = claim.Err
			}
			require.Len(t, confirmed.Refused, 3, "each claim once")
			require.ErrorIs(t, refused["1.02e+17"], graph.ErrInput)
			require.ErrorIs(t, refused[""], graph.ErrInput)
			if grants.Unrestricted {
				require.NotErrorIs(t, refused[foreign], graph.ErrInput)
				require.Error(t, refused[foreign], "the token cannot read it")
			} else {
				require.ErrorIs(t, refused[foreign], graph.ErrInput)
				require.Len(t, server.Calls(), before+1, "a claim that was not granted is not read")
			}
		})
	}
}

func TestClient_ConfirmAccounts_TakesGrantedButUnclaimed(t *testing.T) {
	server := graphtest.New(t)
	signups, done, token := redeemed(t, server, graphtest.SignupOptions{WABAs: 3})
	confirmed, err := signups.ConfirmAccounts(t.Context(), token, done.WABAs[1:2], grantsOf(t, signups, token))
	require.NoError(t, err)
	require.Empty(t, confirmed.Refused)
	require.Len(t, confirmed.Accounts, 3)
	for _, account := range confirmed.Accounts {
		require.True(t, account.Named)
		require.Equal(t, account.Account.ID == done.WABAs[1], account.Claimed)
	}
}

func TestClient_ConfirmAccounts_ReportsUnreadableAccount(t *testing.T) {
	server := graphtest.New(t)
	signups, done, token := redeemed(t, server, graphtest.SignupOptions{WABAs: 2})
	grants := grantsOf(t, signups, token)
	require.NoError(t, server.Unshare(done.WABAs[0]))
	confirmed, err := signups.ConfirmAccounts(t.Context(), token, done.WABAs, grants)
	require.NoError(t, err)
	require.Empty(t, confirmed.Refused)
	require.Len(t, confirmed.Accounts, 2)
	for _, account := range confirmed.Accounts {
		if account.Account.ID == done.WABAs[0] {
			require.Error(t, account.Err)
			require.Empty(t, account.Account.Name)
		} else {
			require.NoError(t, account.Err)
			require.NotEmpty(t, account.Account.Name)
		}
	}
}

func TestClient_ConfirmAccounts_ReturnsOtherErrors(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*graphtest.Server, signup.Token)
		kind  graph.Kind
	}{
		"throttled":       {func(s *graphtest.Server, _ signup.Token) { s.Times(accountRoute, 100, graphtest.Fault{Code: 4}) }, graph.ErrThrottled},
		"a revoked token": {func(s *graphtest.Server, token signup.Token) { require.NoError(t, s.RevokeToken(token.Access, 458)) }, graph.ErrAuth},
		"another account": {func(s *graphtest.Server, _ signup.Token) {
			s.Times(accountRoute, 100, graphtest.Fault{Body: []byte(`{"id":"17"}`)})
		}, graph.ErrBadResponse},
		"no account": {func(s *graphtest.Server, _ signup.Token) {
			s.Times(accountRoute, 100, graphtest.Fault{Body: []byte(`{}`)})
		}, graph.ErrBadResponse},
	} {
		for _, drift := range []graphtest.Drift{graphtest.NoDrift, graphtest.NoTargets} {
			t.Run(name+" "+string(drift), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { // the client waits for the end of a throttle
					server := graphtest.New(t)
					signups, done, token := redeemed(t, server, graphtest.SignupOptions{Drift: drift})
					grants := grantsOf(t, signups, token)
					test.spoil(server, token)
					confirmed, err := signups.ConfirmAccounts(t.Context(), token, done.WABAs, grants)
					require.ErrorIs(t, err, test.kind)
					require.Equal(t, signup.ConfirmResult{}, confirmed)
				})
			})
		}
	}
}

func TestClient_ConfirmAccounts_LimitsReadClaims(t *testing.T) {
	server := graphtest.New(t)
	signups, _, token := redeemed(t, server, graphtest.SignupOptions{Drift: graphtest.NoTargets})
	var claimed []graph.WABAID
	for i := range graph.MaxBatch + 1 {
		claimed = append(claimed, graph.WABAID(fmt.Sprint(1000+i)))
	}
	before := len(server.Calls())
	_, err := signups.ConfirmAccounts(t.Context(), token, claimed, signup.Grants{Unrestricted: true})
	require.Equal(t, "claimed waba-id", inputField(t, err))
	require.Len(t, server.Calls(), before)

	confirmed, err := signups.ConfirmAccounts(t.Context(), token, claimed[1:], signup.Grants{Unrestricted: true})
	require.NoError(t, err)
	require.Empty(t, confirmed.Accounts)
	require.Len(t, confirmed.Refused, graph.MaxBatch)
}

func TestClient_ConfirmAccounts_NoAccounts(t *testing.T) {
	server := graphtest.New(t)
	signups, _, token := redeemed(t, server, graphtest.SignupOptions{})
	before := len(server.Calls())
	confirmed, err := signups.ConfirmAccounts(t.Context(), token, nil, signup.Grants{})
	require.NoError(t, err)
	require.Equal(t, signup.ConfirmResult{}, confirmed)
	require.Len(t, server.Calls(), before)
}
