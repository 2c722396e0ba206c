package signup_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// The answers of debug_token about the token of a signup, as documented or observed.
func TestTokenInfo_Grants(t *testing.T) {
	for name, test := range map[string]struct {
		wire string
		want signup.Grants
	}{
		"as documented": {
			`{"scopes":["business_management","whatsapp_business_management","whatsapp_business_messaging","public_profile"],"granular_scopes":[
				{"scope":"business_management","target_ids":["2729063490586005"]},
				{"scope":"whatsapp_business_management","target_ids":["102289599326934","101569239400667"]},
				{"scope":"whatsapp_business_messaging","target_ids":["102289599326934","101569239400667"]}]}`,
			signup.Grants{
				WABAs: []graph.WABAID{"102289599326934", "101569239400667"}, Businesses: []graph.BusinessID{"2729063490586005"},
				Scopes: []string{"whatsapp_business_management", "whatsapp_business_messaging"},
			},
		},
		"June 2026: events instead of management": {
			`{"scopes":["business_management","whatsapp_business_manage_events","whatsapp_business_messaging"],"granular_scopes":[
				{"scope":"business_management","target_ids":["2729063490586005"]},
				{"scope":"whatsapp_business_manage_events","target_ids":["102289599326934"]},
				{"scope":"whatsapp_business_messaging","target_ids":["102289599326934"]}]}`,
			signup.Grants{
				WABAs: []graph.WABAID{"102289599326934"}, Businesses: []graph.BusinessID{"2729063490586005"},
				Scopes: []string{"whatsapp_business_manage_events", "whatsapp_business_messaging"},
			},
		},
		"June 2026: only events names the account": {
			`{"scopes":["whatsapp_business_manage_events"],"granular_scopes":[{"scope":"whatsapp_business_manage_events","target_ids":["102289599326934"]}]}`,
			signup.Grants{WABAs: []graph.WABAID{"102289599326934"}, Scopes: []string{"whatsapp_business_manage_events"}},
		},
		"a scope of the future": {
			`{"granular_scopes":[{"scope":"whatsapp_business_calling","target_ids":["1"]},{"scope":"instagram_basic","target_ids":["2"]},{"scope":"xwhatsapp_","target_ids":["3"]}]}`,
			signup.Grants{WABAs: []graph.WABAID{"1"}, Scopes: []string{"whatsapp_business_calling"}},
		},
		"target_ids missing": {
			`{"scopes":["whatsapp_business_management"],"granular_scopes":[{"scope":"whatsapp_business_management"}]}`,
			signup.Grants{Unrestricted: true, Scopes: []string{"whatsapp_business_management"}},
		},
		"target_ids empty": {
			`{"scopes":["whatsapp_business_management"],"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":[]}]}`,
			signup.Grants{Unrestricted: true, Scopes: []string{"whatsapp_business_management"}},
		},
		"target_ids null": {
			`{"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":null}]}`,
			signup.Grants{Unrestricted: true, Scopes: []string{"whatsapp_business_management"}},
		},
		"target_ids as integers": {
			`{"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":[17841400000000001,102289599326934]}]}`,
			signup.Grants{WABAs: []graph.WABAID{"17841400000000001", "102289599326934"}, Scopes: []string{"whatsapp_business_management"}},
		},
		"target_ids of both types": {
			`{"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":[102289599326934,"102289599326934","101569239400667"]}]}`,
			signup.Grants{WABAs: []graph.WABAID{"102289599326934", "101569239400667"}, Scopes: []string{"whatsapp_business_management"}},
		},
		"target_ids that are not ids": {
			`{"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":[null,"","all","1"]}]}`,
			signup.Grants{WABAs: []graph.WABAID{"1"}, Scopes: []string{"whatsapp_business_management"}},
		},
		"only target_ids that are not ids": {
			`{"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":["all"]}]}`,
			signup.Grants{Unrestricted: true, Scopes: []string{"whatsapp_business_management"}},
		},
		"only messaging": {
			`{"scopes":["whatsapp_business_messaging"],"granular_scopes":[{"scope":"whatsapp_business_messaging","target_ids":["102289599326934"]}]}`,
			signup.Grants{WABAs: []graph.WABAID{"102289599326934"}, Scopes: []string{"whatsapp_business_messaging"}},
		},
		"only business_management: its ids are not accounts": {
			`{"scopes":["business_management"],"granular_scopes":[{"scope":"business_management","target_ids":["2729063490586005"]}]}`,
			signup.Grants{Businesses: []graph.BusinessID{"2729063490586005"}, Unrestricted: true},
		},
		"an account that only one scope names": {
			`{"granular_scopes":[{"scope":"whatsapp_business_messaging","target_ids":["1","2"]},{"scope":"whatsapp_business_management","target_ids":["3","2"]}]}`,
			signup.Grants{WABAs: []graph.WABAID{"1", "2", "3"}, Scopes: []string{"whatsapp_business_messaging", "whatsapp_business_management"}},
		},
		"one scope limited, one not": {
			`{"granular_scopes":[{"scope":"whatsapp_business_messaging","target_ids":["1"]},{"scope":"whatsapp_business_management"}]}`,
			signup.Grants{
				WABAs: []graph.WABAID{"1"}, Unrestricted: true, Scopes: []string{"whatsapp_business_messaging", "whatsapp_business_management"},
			},
		},
		"a scope twice, first without a limit": {
			`{"granular_scopes":[{"scope":"whatsapp_business_management"},{"scope":"whatsapp_business_management","target_ids":["1"]}]}`,
			signup.Grants{WABAs: []graph.WABAID{"1"}, Unrestricted: true, Scopes: []string{"whatsapp_business_management"}},
		},
		"a scope twice, then without a limit": {
			`{"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":["1"]},{"scope":"whatsapp_business_management","target_ids":[]}]}`,
			signup.Grants{WABAs: []graph.WABAID{"1"}, Unrestricted: true, Scopes: []string{"whatsapp_business_management"}},
		},
		"a scope without a granular scope": {
			`{"scopes":["whatsapp_business_management","whatsapp_business_messaging"],"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":["1"]}]}`,
			signup.Grants{
				WABAs: []graph.WABAID{"1"}, Unrestricted: true, Scopes: []string{"whatsapp_business_management", "whatsapp_business_messaging"},
			},
		},
		"no granular scopes": {
			`{"scopes":["whatsapp_business_management","public_profile"]}`,
			signup.Grants{Unrestricted: true, Scopes: []string{"whatsapp_business_management"}},
		},
		"nothing at all": {`{}`, signup.Grants{Unrestricted: true}},
	} {
		t.Run(name, func(t *testing.T) {
			var info signup.TokenInfo
			require.NoError(t, json.Unmarshal([]byte(test.wire), &info))
			grants := info.Grants()
			require.Equal(t, test.want, grants)
			require.Equal(t, grants, info.Grants(), "a second call returns the same")
			for _, id := range test.want.WABAs {
				require.True(t, grants.Names(id))
			}
			require.False(t, grants.Names("2729063490586005"))
		})
	}
}

// A customer that shares a second account means both, whichever Meta lists first.
func TestTokenInfo_Grants_OrderDoesNotMatter(t *testing.T) {
	const head, tail = `{"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":[`, `]}]}`
	var newest, oldest signup.TokenInfo
	require.NoError(t, json.Unmarshal([]byte(head+`"2","1"`+tail), &newest))
	require.NoError(t, json.Unmarshal([]byte(head+`"1","2"`+tail), &oldest))
	require.ElementsMatch(t, newest.Grants().WABAs, oldest.Grants().WABAs)
	require.Len(t, newest.Grants().WABAs, 2)
}

func TestTokenInfo_Grants_SimulatedScopes(t *testing.T) {
	for drift, unrestricted := range map[graphtest.Drift]bool{
		graphtest.NoDrift: false, graphtest.ManageEvents: false, graphtest.NoTargets: true, graphtest.EmptyTargets: true, graphtest.MessagingOnly: false,
	} {
		t.Run(string(drift), func(t *testing.T) {
			server := graphtest.New(t)
			signups, done, token := redeemed(t, server, graphtest.SignupOptions{WABAs: 2, Drift: drift})
			info, err := signups.Debug(t.Context(), token.Access)
			require.NoError(t, err)
			require.NoError(t, info.Err())
			grants := info.Grants()
			require.Equal(t, unrestricted, grants.Unrestricted)
			if !unrestricted {
				require.ElementsMatch(t, done.WABAs, grants.WABAs)
			} else {
				require.Empty(t, grants.WABAs)
			}
			confirmed, err := signups.ConfirmAccounts(t.Context(), token, done.WABAs, grants)
			require.NoError(t, err)
			require.Empty(t, confirmed.Refused)
			require.Len(t, confirmed.Accounts, 2)
			for _, account := range confirmed.Accounts {
				require.True(t, account.Claimed)
				require.Equal(t, !unrestricted, account.Named)
				require.NoError(t, account.Err)
				require.Contains(t, done.WABAs, account.Account.ID)
				require.Equal(t, done.Business, account.Account.OwnerBusiness.ID)
			}
		})
	}
}

func TestGrants_String(t *testing.T) {
	grants := signup.Grants{WABAs: []graph.WABAID{"1", "2"}, Scopes: []string{"whatsapp_business_management"}}
	require.Equal(t, "2 WABAs, 0 businesses, scopes whatsapp_business_management, unrestricted false", grants.String())
}
