package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

func TestError_Text(t *testing.T) {
	w := newWire(graphError(http.StatusBadRequest, `"message":"(#80008) Too many calls.","type":"OAuthException","code":80008,"error_subcode":2494055,`+
		`"error_data":{"details":"per hour","blame_field_specs":[["limit"]]},"error_user_title":"Slow","error_user_msg":"Come back","fbtrace_id":"Atrace"`, regain(19)))
	err := newClient(t, w).Do(t.Context(), read(graph.RepeatAuto), nil)
	require.EqualError(t, err, "wagraph: GET /102290129340398: throttled (code 80008, subcode 2494055): (#80008) Too many calls: per hour: Slow: Come back "+
		"[at fault: limit]. Wait 19m0s. Trace Atrace.")
	e := graphErrorOf(t, err)
	require.Equal(t, "/{waba-id}", e.Route)
	require.Equal(t, []string{wabaID}, e.IDs)
	require.Equal(t, "/"+wabaID, e.Path())

	w = newWire(graphError(http.StatusUnauthorized, `"message":"Error validating access token.","code":190,"error_subcode":463`))
	err = newClient(t, w).Do(t.Context(), read(graph.RepeatAuto), nil)
	require.EqualError(t, err, "wagraph: GET /102290129340398: auth (code 190, subcode 463): Error validating access token. "+
		"The token has expired: renew 60-day tokens before they do.")

	w = newWire(fails(errDial))
	c := newClient(t, w, graph.WithRetry(graph.RetryPolicy{MaxAttempts: 2, MinWait: -1}))
	require.EqualError(t, c.Do(t.Context(), write(graph.RepeatAuto), nil),
		"wagraph: POST /102290129340398/subscribed_apps: transient: nothing was sent: dial tcp: connection refused. Tried 2 times.")
}

func TestError_Is(t *testing.T) {
	w := newWire(graphError(http.StatusBadRequest, `"code":100,"error_subcode":133016`))
	err := fmt.Errorf("onboarding: %w", newClient(t, w).Do(t.Context(), write(graph.RepeatAuto), nil))
	require.ErrorIs(t, err, graph.ErrWait)
	require.NotErrorIs(t, err, graph.ErrInvalid, "one kind only")
	require.Equal(t, graph.ErrWait, graph.KindOf(err))
	require.ErrorIs(t, err, graph.Code(100))
	require.ErrorIs(t, err, graph.Code(133016))
	require.NotErrorIs(t, err, graph.Code(190))
	require.NotErrorIs(t, &graph.Error{Kind: graph.ErrTransient}, graph.Code(0), "no code is not code 0")

	require.Equal(t, graph.ErrInput, graph.KindOf(&graph.InputError{Field: "pin"}))
	require.ErrorIs(t, &graph.InputError{Field: "pin"}, graph.ErrInput)
	require.NotErrorIs(t, &graph.InputError{Field: "pin"}, graph.ErrInvalid)
	require.Empty(t, graph.KindOf(io.EOF))
	require.Empty(t, graph.KindOf(nil))
	require.Equal(t, "wagraph: outcome unknown", graph.ErrOutcomeUnknown.Error())
	require.Equal(t, "wagraph: code 190", graph.Code(190).Error())
}

func TestError_LogValue(t *testing.T) {
	w := newWire(graphError(http.StatusBadRequest, `"message":"m","code":4,"error_user_msg":"u","error_data":{"details":"d"},"fbtrace_id":"A"`, "Retry-After: 60"))
	err := newClient(t, w).Do(t.Context(), read(graph.RepeatAuto), nil)
	var text bytes.Buffer
	slog.New(slog.NewJSONHandler(&text, nil)).Error("failed", "error", err)
	var line struct {
		Error map[string]any `json:"error"`
	}
	require.NoError(t, json.Unmarshal(text.Bytes(), &line))
	require.Equal(t, map[string]any{
		"kind": "throttled", "method": "GET", "route": "/{waba-id}", "ids": wabaID, "status": 400.0, "code": 4.0, "subcode": 0.0,
		"message": "m", "details": "d", "user_message": "u", "trace_id": "A", "attempts": 1.0, "retry_after": float64(time.Minute),
	}, line.Error)
}

// said returns everything that an error prints.
func said(err error) string {
	var text bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Error("failed", "error", err)
	slog.New(slog.NewJSONHandler(&text, nil)).Error("failed", "error", err)
	encoded, _ := json.Marshal(err)
	text.Write(encoded)
	for e := err; e != nil; e = errors.Unwrap(e) {
		fmt.Fprintf(&text, "%v %+v %#v %s %q", e, e, e, e, e)
	}
	if e, ok := errors.AsType[*graph.Error](err); ok {
		text.Write(e.OriginalResponse)
		for _, cause := range e.Unwrap() {
			fmt.Fprintf(&text, "%v %+v %#v", cause, cause, cause)
		}
	}
	return text.String()
}

func TestError_HoldsNoSecret(t *testing.T) {
	all := url.Values{"pin": {pin}, "code": {code}, "client_secret": {appSecret}, "input_token": {token}}
	escapedToken, _ := json.Marshal(token)
	echo := fmt.Sprintf(`Malformed access token %s, proof %s, secret %s, code %s, pin %s, path /%s/%s, url ?access_token=%s&%s`,
		token, proof, appSecret, code, pin, url.PathEscape(token), url.PathEscape(code), url.QueryEscape(token), all.Encode())
	quoted, err := json.Marshal(echo)
	require.NoError(t, err)
	slashed := bytes.ReplaceAll(quoted, []byte("/"), []byte(`\/`)) // as PHP writes JSON
	leaky := fmt.Errorf("proxy said %s", echo)

	for name, a := range map[string]answer{
		"message":           graphError(400, `"code":190,"message":`+string(quoted)),
		"user message":      graphError(400, `"code":190,"error_user_msg":`+string(slashed)+`,"error_user_title":`+string(quoted)),
		"details":           graphError(400, `"code":190,"error_data":{"details":`+string(quoted)+`,"blame_field_specs":[[`+string(quoted)+`]]}`),
		"data text":         graphError(400, `"code":190,"error_data":`+string(quoted)),
		"type and trace":    graphError(400, `"code":190,"type":`+string(quoted)+`,"fbtrace_id":`+string(slashed)),
		"text":              reply(400, `{"error":`+string(quoted)+`}`),
		"original response": graphError(400, `"code":100,"original_response":{"access_token":`+string(slashed)+`,"again":`+string(quoted)+`}`),
		"escaped":           graphError(400, `"code":100,"original_response":{"access_token":`+string(escapedToken)+`}`),
		"html":              reply(502, "<html>"+echo),
		"wrong type":        reply(200, `{"id":`+string(quoted)+`,"n":`+string(quoted)+`}`),
		"wrong number":      reply(200, `{"n":`+pin+`}`),
		"url error":         fails(&url.Error{Op: "Get", URL: "https://x/?" + all.Encode(), Err: errors.New("boom")}),
		"network error":     fails(leaky),
		"header":            reply(400, "no", "Www-Authenticate: OAuth "+echo, "Location: https://x/?"+all.Encode()),
		"redirect":          reply(302, "", "Location: https://x/?"+all.Encode()),
		"bad redirect":      reply(302, "", "Location: :"+echo),
	} {
		for shape, params := range map[string]graph.Request{"form": {Form: all}, "query": {Query: all}, "json": {JSON: map[string]string{
			"pin": pin, "code": code, "client_secret": appSecret, "input_token": token,
		}}} {
			req := params
			req.Method, req.Route, req.IDs, req.Repeat = http.MethodPost, "/{waba-id}", []string{wabaID}, graph.RepeatOnce
			var out struct {
				N []string `json:"n"`
			}
			err := newClient(t, newWire(a)).Do(t.Context(), req, &out)
			require.Error(t, err, "%s %s", name, shape)
			requireNoSecret(t, said(err))
		}
	}
}

func TestError_RedactedCauseKeepsItsIdentity(t *testing.T) {
	w := newWire(fails(fmt.Errorf("dialing with %s: %w", token, io.ErrClosedPipe)))
	err := newClient(t, w).Do(t.Context(), read(graph.RepeatOnce), nil)
	require.ErrorIs(t, err, io.ErrClosedPipe)
	require.ErrorContains(t, err, "dialing with [redacted]")
	requireNoSecret(t, said(err))
}

// vault is a token source that fails.
type vault struct{ err error }

func (v vault) Token(context.Context) (*oauth2.Token, error) { return nil, v.err }

func TestTokenSource_FailureSendsNothing(t *testing.T) {
	w := newWire(reply(200, `{}`))
	sealed := errors.New("vault is sealed")
	c := newClient(t, w).As(vault{fmt.Errorf("reading: %w", sealed)})
	err := c.Do(t.Context(), read(graph.RepeatAuto), nil)
	require.ErrorIs(t, err, sealed)
	require.ErrorIs(t, err, graph.ErrTransient, "it says nothing about the token")
	require.ErrorContains(t, err, "Nothing was sent")

	err = newClient(t, w).As(vault{&oauth2.RetrieveError{ErrorCode: "invalid_grant"}}).Do(t.Context(), read(graph.RepeatAuto), nil)
	require.ErrorIs(t, err, graph.ErrAuth)
	err = newClient(t, w).As(vault{&graph.Error{Kind: graph.ErrThrottled, RetryAfter: time.Hour}}).Do(t.Context(), read(graph.RepeatAuto), nil)
	require.ErrorIs(t, err, graph.ErrThrottled)
	require.Equal(t, time.Hour, graphErrorOf(t, err).RetryAfter)
	err = newClient(t, w).As(vault{&graph.Error{Kind: graph.ErrOutcomeUnknown}}).Do(t.Context(), read(graph.RepeatAuto), nil)
	require.Equal(t, graph.ErrTransient, graph.KindOf(err), "this call was not sent")

	leaky := &url.Error{Op: "Post", URL: "https://sso/?client_secret=" + url.QueryEscape(appSecret), Err: sealed}
	err = newClient(t, w).As(vault{leaky}).Do(t.Context(), read(graph.RepeatAuto), nil)
	require.ErrorIs(t, err, sealed)
	requireNoSecret(t, said(err))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = newClient(t, w).As(vault{ctx.Err()}).Do(ctx, read(graph.RepeatAuto), nil)
	require.ErrorIs(t, err, graph.ErrInterrupted)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, w.count())
}

// An error has one kind, also if its cause is an error with another one.
func TestError_HasOneKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &graph.Error{Kind: graph.ErrThrottled, Code: 4, RetryAfter: time.Hour}
		client := newClient(t, newWire(reply(503, "busy")))
		failures := map[string]func() error{
			"a token source": func() error {
				return client.As(vault{fmt.Errorf("reading: %w", inner)}).Do(t.Context(), read(graph.RepeatAuto), nil)
			},
			"a token source of unknown outcome": func() error {
				return client.As(vault{&graph.Error{Kind: graph.ErrOutcomeUnknown}}).Do(t.Context(), read(graph.RepeatAuto), nil)
			},
			"a pacer after an attempt": func() error {
				n := 0
				limited := newClient(t, newWire(reply(503, "busy")), graph.WithPacer(pacerFunc(func(context.Context) error {
					if n++; n == 1 {
						return nil
					}
					return inner
				})))
				return limited.Do(t.Context(), read(graph.RepeatAuto), nil)
			},
			"a panic with an error": func() error {
				w := roundTrips(func(*http.Request) (*http.Response, error) { panic(inner) })
				c, err := graph.New(graph.StaticToken(token), graph.WithHTTPClient(&http.Client{Transport: w}))
				require.NoError(t, err)
				return c.Do(t.Context(), read(graph.RepeatAuto), nil)
			},
			"a dead cursor": func() error {
				list, _ := rowsOf(t, book{"": page(onTo("A"), "1")}, graph.ListOptions{})
				_, err := all(t.Context(), list)
				return err
			},
			"a network error of the application": func() error {
				w := roundTrips(func(*http.Request) (*http.Response, error) { return nil, inner })
				c, err := graph.New(graph.StaticToken(token), graph.WithHTTPClient(&http.Client{Transport: w}))
				require.NoError(t, err)
				return c.Do(t.Context(), write(graph.RepeatAuto), nil)
			},
		}
		for name, fail := range failures {
			t.Log(name)
			err := fail()
			sdktest.RequireOneKind(t, err)
			require.NotNil(t, graphErrorOf(t, err))
		}
		err := failures["a network error of the application"]()
		require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(err))
		require.NotErrorIs(t, err, graph.ErrThrottled)
		require.ErrorIs(t, err, inner, "the cause itself is found")
		require.ErrorIs(t, err, graph.Code(4))
	})
}

type pacerFunc func(context.Context) error

func (f pacerFunc) Wait(ctx context.Context) error { return f(ctx) }
