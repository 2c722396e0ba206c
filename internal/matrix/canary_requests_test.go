package matrix_test

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

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// allowed are the two parameters that Meta wants in a URL.
var allowed = []string{"input_token", "appsecret_proof"}

// requireSafeRequests asserts how secrets travel: the token in one header, the
// rest in bodies, all of it to one origin.
func requireSafeRequests(t *testing.T, songs *canary, d *desk, secrets ...wagraph.Secret) {
	t.Helper()
	all := append(d.secrets(), secrets...)
	for _, s := range d.wire.sent("") {
		query := s.url.Query()
		for _, name := range allowed {
			query.Del(name)
		}
		bare := *s.url
		bare.RawQuery = query.Encode()
		songs.require(t, s.method+" "+bare.String()+"?"+query.Encode(), all...)
		header := s.header.Clone()
		header.Del("Authorization")
		songs.require(t, fmt.Sprint(header), all...)
		require.Equal(t, []string{"https", "graph.wagraph.test"}, []string{s.url.Scheme, s.url.Host}, s.route)
		require.Nil(t, s.url.User)
		require.False(t, query.Has("access_token") || query.Has("client_secret") || query.Has("from_next"), s.url.Path)
		form, err := url.ParseQuery(s.body)
		require.NoError(t, err)
		require.False(t, form.Has("access_token"), "%s: the token in a body", s.route)
	}
}

// luring makes every paging.next an address of somebody else's, with a token in
// it, and takes the cursors away that stand beside it.
func luring(keepCursors bool) *fault {
	return &fault{strike: spoiled(func(req *http.Request, body []byte) io.Reader {
		return changed(body, func(key string, value any) any {
			switch key {
			case "next":
				next, err := url.Parse(value.(string))
				if err != nil {
					return value
				}
				return "https://attacker.example/v25.0/me?from_next=1&access_token=EAAbait&after=" + url.QueryEscape(next.Query().Get("after"))
			case "cursors":
				if !keepCursors {
					return map[string]any{}
				}
			}
			return value
		})
	})}
}

// TestRequestsCarrySecretsWhereTheyBelong looks at every request of every call,
// and of a whole onboarding.
func TestRequestsCarrySecretsWhereTheyBelong(t *testing.T) {
	songs, requests := newCanary(), 0
	for _, c := range calls() {
		if strings.Contains(c.name, "GET that Meta documents") {
			continue
		}
		for _, keepCursors := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, graphtest.WithClients(30, 2))
				d.wire.strike("", luring(keepCursors), true)
				require.NoError(t, c.make(t.Context(), d), c.name)
				requireSafeRequests(t, songs, d)
				requests += len(d.wire.sent(""))
			})
		}
	}
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		require.Equal(t, signup.StateDone, o.onboard(t).State)
		requireSafeRequests(t, songs, o.desk, o.kept(t)...)
		requests += len(o.wire.sent(""))
	})
	t.Logf("%d requests looked at", requests)
}

// TestOnlyTheDocumentedExchangeHasSecretsInItsURL: it is an option, and says so.
func TestOnlyTheDocumentedExchangeHasSecretsInItsURL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		_, err := d.signups().Exchange(t.Context(), d.them.Code, signup.ExchangeOptions{Get: true})
		require.NoError(t, err)
		sent := d.wire.sent("GET /oauth/access_token")
		require.Len(t, sent, 1)
		require.Equal(t, d.them.Code.Reveal(), sent[0].url.Query().Get("code"))
		require.Empty(t, sent[0].header.Get("Authorization"))
	})
}

// TestADeadTokenIsNotQuoted: Meta says why a token is dead inside a success.
func TestADeadTokenIsNotQuoted(t *testing.T) {
	songs := newCanary()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		quoting := &fault{strike: func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
			query := req.URL.Query()
			query.Del("appsecret_proof") // is worth nothing without the token
			req.URL.RawQuery = query.Encode()
			object, _ := json.Marshal(map[string]any{"data": map[string]any{
				"is_valid": false, "error": map[string]any{"code": 190, "message": carried(req, body)},
			}})
			return answers(http.StatusOK, jsonT, string(object))(w, req, body)
		}}
		d.wire.strike("GET /debug_token", quoting, true)
		info, err := d.signups().Debug(t.Context(), d.token)
		require.NoError(t, err)
		require.Error(t, info.Err())
		var text bytes.Buffer
		require.NoError(t, json.NewEncoder(&text).Encode(info))
		songs.require(t, text.String()+fmt.Sprintf("%+v %#v", info, info.Problem)+said(info.Err())+d.log.String(), d.secrets()...)
	})
}

// TestADecoderQuotesNoToken: what cannot be read is quoted in an error, and may
// be a token that nobody has seen before, in the place of something else.
func TestADecoderQuotesNoToken(t *testing.T) {
	songs := newCanary()
	fresh := "EAA" + strings.Repeat("x1Y2z3", 30)
	for name, body := range map[string]string{
		"as an expiry": `{"access_token":"` + fresh + `","expires_in":"` + fresh + `"}`,
		"as a time":    `{"data":{"expires_at":"` + fresh + `"}}`,
		"as a truth":   `{"data":{"is_valid":"` + fresh + `"}}`,
		"as an id":     `{"id":{"` + fresh + `":"` + fresh + `"},"data":{"app_id":["` + fresh + `"]}}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t)
			d.wire.strike("", &fault{strike: answers(http.StatusOK, jsonT, body)}, true)
			_, exchange := d.signups().Exchange(t.Context(), d.them.Code, signup.ExchangeOptions{})
			_, debug := d.signups().Debug(t.Context(), d.token)
			_, get := d.accounts().Get(t.Context(), d.waba)
			_, input := d.accounts().Get(t.Context(), wagraph.WABAID(fresh))
			failed := 0
			for _, err := range []error{exchange, debug, get, input} {
				failed += count(err != nil)
				songs.require(t, name+": "+said(err), append(d.secrets(), wagraph.NewSecret(fresh))...)
			}
			require.Greater(t, failed, 1, name)
		})
	}
}

// TestNothingIsPrinted: the SDK says what it says to whoever calls it.
func TestNothingIsPrinted(t *testing.T) {
	text := printed(t, func() {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			require.Equal(t, signup.StateDone, o.onboard(t).State)
			for _, f := range faults() {
				if f.fate == passing {
					o.wire.strike("GET /{waba-id}", f, false)
					_, _ = o.accounts().Get(t.Context(), o.waba)
				}
			}
		})
	})
	require.Empty(t, text)
}
