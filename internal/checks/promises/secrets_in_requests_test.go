package promises_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// allowed are the two parameters with secrets that Meta defines for URLs.
var allowed = []string{"input_token", "appsecret_proof"}

// requireSafeRequests asserts that the token is in one header, that other secrets
// are in bodies, and that all of them go to one origin.
func requireSafeRequests(t *testing.T, search *sdktest.SecretSearch, fx *fixture, secrets ...graph.Secret) {
	t.Helper()
	all := append(fx.secrets(), secrets...)
	for _, s := range fx.wire.sent("") {
		query := s.URL.Query()
		for _, name := range allowed {
			query.Del(name)
		}
		bare := *s.URL
		bare.RawQuery = query.Encode()
		search.RequireNone(t, s.Method+" "+bare.String()+"?"+query.Encode(), all...)
		header := s.Header.Clone()
		header.Del("Authorization")
		search.RequireNone(t, fmt.Sprint(header), all...)
		require.Equal(t, []string{"https", "graph.wagraph.test"}, []string{s.URL.Scheme, s.URL.Host}, s.route)
		require.Nil(t, s.URL.User)
		require.False(t, query.Has("access_token") || query.Has("client_secret") || query.Has("from_next"), s.URL.Path)
		form, err := url.ParseQuery(s.Body)
		require.NoError(t, err)
		require.False(t, form.Has("access_token"), "%s: the token in a body", s.route)
	}
}

// foreignNext replaces each paging.next with the address of another host, with a
// token in it. Unless keepCursors is set, it removes the cursors beside it.
func foreignNext(keepCursors bool) *fault {
	return &fault{answer: withBody(func(req *http.Request, body []byte) io.Reader {
		return changedJSON(body, func(key string, value any) any {
			switch key {
			case "next":
				next, err := url.Parse(value.(string))
				if err != nil {
					return value
				}
				return "https://attacker.example/v25.0/me?from_next=1&access_token=EAAforeign&after=" + url.QueryEscape(next.Query().Get("after"))
			case "cursors":
				if !keepCursors {
					return map[string]any{}
				}
			}
			return value
		})
	})}
}

// TestRequests_SecretsInHeaderAndBodyOnly checks each request of each call, and
// of a whole onboarding.
func TestRequests_SecretsInHeaderAndBodyOnly(t *testing.T) {
	t.Parallel()
	search, requests := new(sdktest.SecretSearch), 0
	for _, c := range calls() {
		if strings.Contains(c.name, "GET that Meta documents") {
			continue
		}
		for _, keepCursors := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				fx := newFixture(t, graphtest.WithClients(30, 2))
				fx.wire.inject("", foreignNext(keepCursors), true)
				require.NoError(t, c.make(t.Context(), fx), c.name)
				requireSafeRequests(t, search, fx)
				requests += len(fx.wire.sent(""))
			})
		}
	}
	synctest.Test(t, func(t *testing.T) {
		o := newOnboarding(t)
		require.Equal(t, onboard.StateDone, o.onboard(t).State)
		requireSafeRequests(t, search, o.fixture, o.storedSecrets(t)...)
		requests += len(o.wire.sent(""))
	})
	t.Logf("%d requests checked", requests)
}

// TestExchange_OnlyTheGetFormHasSecretsInItsURL: the option's documentation says
// so.
func TestExchange_OnlyTheGetFormHasSecretsInItsURL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fx := newFixture(t)
		_, err := fx.signups().Exchange(t.Context(), fx.customer.Code, signup.ExchangeOptions{Get: true})
		require.NoError(t, err)
		sent := fx.wire.sent("GET /oauth/access_token")
		require.Len(t, sent, 1)
		require.Equal(t, fx.customer.Code.Reveal(), sent[0].URL.Query().Get("code"))
		require.Empty(t, sent[0].Header.Get("Authorization"))
	})
}

// TestDebug_InvalidTokenIsNotQuoted: for a token that is no longer valid, Meta
// sends the reason inside an answer with status 200.
func TestDebug_InvalidTokenIsNotQuoted(t *testing.T) {
	search := new(sdktest.SecretSearch)
	synctest.Test(t, func(t *testing.T) {
		fx := newFixture(t)
		quoting := &fault{answer: func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
			query := req.URL.Query()
			query.Del("appsecret_proof") // it is of no use without the token
			req.URL.RawQuery = query.Encode()
			object, _ := json.Marshal(map[string]any{"data": map[string]any{
				"is_valid": false, "error": map[string]any{"code": 190, "message": quotedSecrets(req, body)},
			}})
			return answers(http.StatusOK, jsonT, string(object))(w, req, body)
		}}
		fx.wire.inject("GET /debug_token", quoting, true)
		info, err := fx.signups().Debug(t.Context(), fx.token)
		require.NoError(t, err)
		require.Error(t, info.Err())
		var text bytes.Buffer
		require.NoError(t, json.NewEncoder(&text).Encode(info))
		search.RequireNone(t, text.String()+fmt.Sprintf("%+v %#v", info, info.Problem)+errorTexts(info.Err())+fx.log.String(), fx.secrets()...)
	})
}

// TestDecode_ErrorQuotesNoToken: an error quotes what could not be decoded. It
// can be a new token in the place of another value.
func TestDecode_ErrorQuotesNoToken(t *testing.T) {
	t.Parallel()
	search := new(sdktest.SecretSearch)
	fresh := "EAA" + strings.Repeat("x1Y2z3", 30)
	for name, body := range map[string]string{
		"as an expiry": `{"access_token":"` + fresh + `","expires_in":"` + fresh + `"}`,
		"as a time":    `{"data":{"expires_at":"` + fresh + `"}}`,
		"as a boolean": `{"data":{"is_valid":"` + fresh + `"}}`,
		"as an id":     `{"id":{"` + fresh + `":"` + fresh + `"},"data":{"app_id":["` + fresh + `"]}}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			fx := newFixture(t)
			fx.wire.inject("", &fault{answer: answers(http.StatusOK, jsonT, body)}, true)
			_, exchange := fx.signups().Exchange(t.Context(), fx.customer.Code, signup.ExchangeOptions{})
			_, debug := fx.signups().Debug(t.Context(), fx.token)
			_, get := fx.accounts().Get(t.Context(), fx.waba)
			_, input := fx.accounts().Get(t.Context(), graph.WABAID(fresh))
			failed := 0
			for _, err := range []error{exchange, debug, get, input} {
				failed += boolToInt(err != nil)
				search.RequireNone(t, name+": "+errorTexts(err), append(fx.secrets(), graph.NewSecret(fresh))...)
			}
			require.Greater(t, failed, 1, name)
		})
	}
}

// TestSDK_PrintsNothing: the SDK reports to its caller, not to the terminal.
func TestSDK_PrintsNothing(t *testing.T) {
	text := captureOutput(t, func() {
		synctest.Test(t, func(t *testing.T) {
			o := newOnboarding(t)
			require.Equal(t, onboard.StateDone, o.onboard(t).State)
			for _, f := range faults() {
				if f.outcome == unknownOnce {
					o.wire.inject("GET /{waba-id}", f, false)
					_, _ = o.accounts().Get(t.Context(), o.waba)
				}
			}
		})
	})
	require.Empty(t, text)
}
