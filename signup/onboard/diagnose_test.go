package onboard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// One thing after the other is broken, in accounts that were onboarded or not.
func TestDiagnose(t *testing.T) {
	const accounts = "GET /{waba-id}/subscribed_apps"
	body := func(b *bench, route, text string) {
		b.server.Control(route, func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Body: []byte(text)} })
	}
	for name, tt := range map[string]struct {
		spec  graphtest.SignupOptions
		fresh bool // nothing was onboarded
		harm  func(t *testing.T, b *bench, done graphtest.SignupResult)
		want  map[onboard.FindingCode]onboard.Health
		is    onboard.Health
	}{
		"nothing": {is: onboard.Live},
		"not shared any more": {
			harm: func(t *testing.T, b *bench, done graphtest.SignupResult) {
				require.NoError(t, b.server.Unshare(done.WABAs[0]))
			},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingNotShared: onboard.NotLive}, is: onboard.NotLive,
		},
		"app removed": {
			harm: func(t *testing.T, b *bench, done graphtest.SignupResult) {
				require.NoError(t, b.server.RevokeToken(mustToken(t, b, done.Business), 0))
			},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingTokenDead: onboard.Degraded}, is: onboard.Degraded,
		},
		"token about to expire": {
			spec: graphtest.SignupOptions{TokenLifetime: 5 * 24 * time.Hour},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingTokenExpiring: onboard.Degraded}, is: onboard.Degraded,
		},
		"rejected by Meta": {
			harm: func(t *testing.T, b *bench, done graphtest.SignupResult) {
				require.NoError(t, b.server.SetReview(done.WABAs[0], "REJECTED", ""))
			},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingReview: onboard.NotLive, onboard.FindingHealth: onboard.NotLive}, is: onboard.NotLive,
		},
		"in review": {
			harm: func(t *testing.T, b *bench, done graphtest.SignupResult) {
				require.NoError(t, b.server.SetReview(done.WABAs[0], "PENDING", ""))
			},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingReview: onboard.Degraded}, is: onboard.Degraded,
		},
		"no number": {
			spec: graphtest.SignupOptions{Variant: graphtest.OnlyWABA},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingNoNumber: onboard.NotLive}, is: onboard.NotLive,
		},
		"one of two numbers is not connected": {
			spec: graphtest.SignupOptions{Numbers: 2},
			harm: func(t *testing.T, b *bench, done graphtest.SignupResult) {
				require.NoError(t, b.server.SetNumberStatus(done.Numbers[0], "DISCONNECTED"))
				// Meta's own opinion of the account is the test's of another case.
				b.server.Control("GET /{waba-id}", func(graphtest.Call) *graphtest.Fault {
					funding, _ := b.server.Funding(done.WABAs[0])
					return &graphtest.Fault{Body: []byte(`{"id":"` + string(done.WABAs[0]) + `","account_review_status":"APPROVED","primary_funding_id":"` + string(funding) + `"}`)}
				})
			},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingNotConnected: onboard.Degraded}, is: onboard.Degraded,
		},
		"the only number is not connected": {
			harm: func(t *testing.T, b *bench, done graphtest.SignupResult) {
				require.NoError(t, b.server.SetNumberStatus(done.Numbers[0], "DISCONNECTED"))
			},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingNotConnected: onboard.NotLive}, is: onboard.NotLive,
		},
		"a new name waits": {
			harm: func(t *testing.T, b *bench, done graphtest.SignupResult) {
				require.NoError(t, b.server.RequestRename(done.Numbers[0], "A new name"))
				require.NoError(t, b.server.ApproveName(done.Numbers[0]))
			},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingNumber: onboard.Degraded}, is: onboard.Degraded,
		},
		"no app is subscribed": {
			harm: func(_ *testing.T, b *bench, _ graphtest.SignupResult) { body(b, accounts, `{"data":[]}`) },
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingNotSubscribed: onboard.Degraded}, is: onboard.Degraded,
		},
		"a foreign app is subscribed": {
			harm: func(_ *testing.T, b *bench, _ graphtest.SignupResult) {
				body(b, accounts, `{"data":[{"whatsapp_business_api_data":{"id":"999000111222333","name":"Another BSP"}}]}`)
			},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingForeignApp: onboard.Degraded}, is: onboard.Degraded,
		},
		"something else pays": {
			harm: func(_ *testing.T, b *bench, _ graphtest.SignupResult) {
				body(b, "GET /{extended-credit-id}/owning_credit_allocation_configs", `{"data":[]}`)
			},
			want: map[onboard.FindingCode]onboard.Health{onboard.FindingLineUnattached: onboard.Degraded}, is: onboard.Degraded,
		},
		"not onboarded at all": {
			fresh: true,
			want: map[onboard.FindingCode]onboard.Health{
				onboard.FindingNotSubscribed: onboard.Degraded, onboard.FindingNoFunding: onboard.Degraded,
				onboard.FindingNotConnected: onboard.NotLive, onboard.FindingHealth: onboard.NotLive,
			}, is: onboard.NotLive,
		},
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				done, start := b.client(t, tt.spec)
				token := mustToken(t, b, done.Business)
				if !tt.fresh {
					flow := b.flow(t)
					record := runToEnd(t, flow, begin(t, flow, start))
					require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
					token = b.token(t, record)
				}
				if tt.harm != nil {
					tt.harm(t, b, done)
				}
				calls := len(b.server.Calls())
				report, err := onboard.Diagnose(t.Context(), b.diagnosis(done.WABAs[0], token))
				require.NoError(t, err)
				require.Equal(t, tt.is, report.Health, "%+v", report.Findings)
				got := map[onboard.FindingCode]onboard.Health{}
				for i, f := range report.Findings {
					require.NotEmpty(t, f.Subject)
					require.NotEmpty(t, f.Text)
					require.NotEmpty(t, f.Action, "a person can act on it: %s", f.Text)
					if f.Health != onboard.Live {
						got[f.Code] = f.Health
						require.True(t, i == 0 || report.Findings[i-1].Health != onboard.Live, "the worst stands first")
					}
				}
				if tt.want == nil {
					tt.want = got
				}
				require.Equal(t, tt.want, got, "%+v", report.Findings)
				for _, call := range b.server.Calls()[calls:] {
					require.Equal(t, "GET", call.Method, "it changes nothing")
				}
			})
		})
	}
}

// token is what the vault has for the record.
func (b *bench) token(t testing.TB, record onboard.Record) graph.Secret {
	t.Helper()
	token, err := b.vault.Get(t.Context(), vault.Ref{Tenant: record.Tenant, Record: record.ID, Kind: vault.SecretToken})
	require.NoError(t, err)
	return token
}

func (b *bench) diagnosis(id graph.WABAID, token graph.Secret) onboard.DiagnoseRequest {
	return onboard.DiagnoseRequest{
		Client: b.server.Client(), WABA: id, App: signup.App{ID: b.world.App, Secret: b.world.AppSecret}, Token: token, Line: b.world.CreditLine,
	}
}

// Without an app, a token or a line, the report says nothing about them.
func TestDiagnose_OnlyWhatIsKnown(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		report, err := onboard.Diagnose(t.Context(), onboard.DiagnoseRequest{Client: b.server.Client(), WABA: b.world.ClientWABAs[0]})
		require.NoError(t, err)
		require.Equal(t, b.world.ClientWABAs[0], report.Account.ID)
		require.NotEmpty(t, report.Numbers)
		require.Len(t, b.server.Calls(), 2, "the account and its numbers")
	})
}

// A call that fails says nothing about the account.
func TestDiagnose_Fails(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		d := b.diagnosis(b.world.ClientWABAs[0], graph.Secret{})
		for _, route := range []string{
			"GET /{waba-id}", "GET /{waba-id}/phone_numbers", "GET /{waba-id}/subscribed_apps", "GET /{extended-credit-id}/owning_credit_allocation_configs",
		} {
			b.server.Once(route, graphtest.Fault{Code: 80008, RegainAfter: time.Hour})
			_, err := onboard.Diagnose(t.Context(), d)
			require.ErrorIs(t, err, graph.ErrThrottled, route)
		}
		_, err := onboard.Diagnose(t.Context(), onboard.DiagnoseRequest{WABA: d.WABA})
		require.ErrorIs(t, err, graph.ErrInput)
		_, err = onboard.Diagnose(t.Context(), onboard.DiagnoseRequest{Client: d.Client, WABA: "me"})
		require.ErrorIs(t, err, graph.ErrInput)
	})
}
