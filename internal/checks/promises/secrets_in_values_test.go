package promises_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// textTokenSource is a simple token source that a user could write: its token is
// a readable string.
type textTokenSource struct{ Text string }

func (s textTokenSource) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: s.Text}, nil
}

// fixedAnswer answers every request alike, and keeps nothing of the request.
type fixedAnswer struct{ status int }

func (q fixedAnswer) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	body := `{"id":"102290129340398","success":true,"access_token":"` + receivedToken + `"}`
	if q.status >= 300 {
		body = `{"error":{"code":190,"message":"Malformed access token ` + req.Header.Get("Authorization") + `"}}`
	}
	return answers(q.status, jsonT, body)(nil, req, nil)
}

// The secrets of the values below. In URLs and in JSON they look different.
const (
	sentToken     = "EAAcanary/sent+token&=<1>"
	receivedToken = "EAAcanary-received-token"
	appSecret     = "canary-app/secret+1"
	aCode         = "AQDcanary/code+1"
	aPIN          = "270731"
	aVerifyToken  = "canary/verify+token"
	aVaultKey     = "canary vault key of 32 bytes ..."
	aSessionKey   = "canary session key of 32 bytes or more"
)

func valueSecrets() []graph.Secret {
	var secrets []graph.Secret
	for _, text := range []string{sentToken, receivedToken, appSecret, aCode, aPIN, aVerifyToken, aVaultKey, aSessionKey} {
		secrets = append(secrets, graph.NewSecret(text))
	}
	return secrets
}

// values returns the values of the SDK that a program holds, by name.
func values(t *testing.T) map[string]any {
	t.Helper()
	secret := graph.NewSecret(sentToken)
	app := signup.App{ID: "670843887433847", Secret: graph.NewSecret(appSecret)}
	client := func(status int) *graph.Client {
		c, err := graph.New(textTokenSource{sentToken}, graph.WithHTTPClient(&http.Client{Transport: fixedAnswer{status}}), graph.WithAppSecret(app.Secret))
		require.NoError(t, err)
		return c
	}
	good, bad := client(http.StatusOK), client(http.StatusUnauthorized)
	require.NoError(t, good.Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/me"}, nil), "the client keeps the proof of its token from now on")
	token, err := signup.New(good, app).Exchange(t.Context(), graph.NewSecret(aCode), signup.ExchangeOptions{})
	require.NoError(t, err)
	require.Equal(t, receivedToken, token.Access.Reveal())
	with, err := good.With(graph.WithVersion("v24.0"))
	require.NoError(t, err)

	ring, err := vault.NewKeyring("k1", map[string][]byte{"k1": []byte(aVaultKey)})
	require.NoError(t, err)
	store, storage := onboard.NewMemoryStore(), vault.NewMemoryStorage()
	sealed, err := vault.NewSealedVault(storage, ring)
	require.NoError(t, err)
	require.NoError(t, sealed.Put(t.Context(), vault.Ref{Tenant: "acme", Record: "1", Kind: vault.SecretToken}, secret, token.Expires))
	callback := &waba.Callback{URI: "https://bsp.example/hook", VerifyToken: graph.NewSecret(aVerifyToken)}
	config := onboard.Config{Client: good, App: app, Business: "506914313209869", Store: store, Vault: sealed, Callback: callback}
	flow, err := onboard.New(config)
	require.NoError(t, err)
	begun, err := flow.Begin(t.Context(), onboard.BeginRequest{Tenant: "acme", Callback: signup.Callback{Code: graph.NewSecret(aCode)}})
	require.NoError(t, err)
	sessions, err := popup.NewSessions(graph.NewSecret(aSessionKey), popup.SessionOptions{OldKeys: []graph.Secret{graph.NewSecret(aSessionKey + "2")}})
	require.NoError(t, err)
	issued, err := sessions.Issue("acme", popup.PurposeSignup)
	require.NoError(t, err)
	session, err := sessions.Verify(issued, "acme", popup.PurposeSignup)
	require.NoError(t, err)
	join, err := popup.NewJoin(sessions, popup.JoinOptions{})
	require.NoError(t, err)
	batch := graph.NewBatch(bad)
	result := graph.Add(batch, waba.GetOp("102290129340398"))
	require.NoError(t, batch.Send(t.Context()))
	errRegister := phonenumbers.New(bad).Register(t.Context(), "106540352242922", graph.NewSecret(aPIN))
	_, errExchange := signup.New(bad, app).Exchange(t.Context(), graph.NewSecret(aCode), signup.ExchangeOptions{Get: true})
	_, errDebug := signup.New(bad, app).Debug(t.Context(), secret)

	return map[string]any{
		"Secret": secret, "*Secret": &secret, "[]Secret": []graph.Secret{secret}, "map": map[string]any{"s": secret},
		"Client": good, "Client of As": good.As(textTokenSource{sentToken}), "Client of With": with,
		"StaticToken": graph.StaticToken(sentToken), "SecretToken": graph.SecretToken(secret),
		"List": waba.New(good).Clients("506914313209869", waba.Query{}), "Op": waba.GetOp("1"), "Batch": batch, "Result": result,
		"Request": graph.Request{Form: struct{ PIN graph.Secret }{graph.NewSecret(aPIN)}},
		"Error":   errRegister, "Error of an exchange": errExchange, "Error of Debug": errDebug, "joined": fmt.Errorf("a: %w", errRegister),
		"waba.Client": waba.New(good), "waba.Callback": callback, "phonenumbers.Client": phonenumbers.New(good), "credit.Client": credit.New(good),
		"ShareRequest": credit.ShareRequest{ClientToken: token}, "App": app, "signup.Callback": signup.Callback{Code: secret, AccessToken: secret},
		"Token": token, "signup.Client": signup.New(good, app), "Start": onboard.BeginRequest{Callback: signup.Callback{Code: graph.NewSecret(aCode)}},
		"Adoption": onboard.AdoptRequest{Token: secret}, "FlowConfig": config, "Flow": flow, "Record": begun,
		"Keyring": ring, "SealedVault": sealed, "MemoryStore": store, "Sessions": sessions, "Session": session, "Join": join,
		"Diagnosis": onboard.DiagnoseRequest{Client: good, App: app, Token: secret},
	}
}

// TestValues_PrintLogAndMarshalWithoutSecrets prints, logs, dumps and marshals
// each value.
func TestValues_PrintLogAndMarshalWithoutSecrets(t *testing.T) {
	search, printed := new(sdktest.SecretSearch), 0
	for name, value := range values(t) {
		var text bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
			printed++
			fmt.Fprintf(&text, verb+"\n", value)
			fmt.Fprintf(&text, verb+"\n", []any{value, map[string]any{"k": value}, struct{ v any }{value}})
		}
		for _, handler := range []slog.Handler{slog.NewJSONHandler(&text, nil), slog.NewTextHandler(&text, nil)} {
			slog.New(handler).Info("a value", "value", value, slog.Group("in", "value", value))
		}
		marshalled, err := json.Marshal(value)
		fmt.Fprintln(&text, string(marshalled), err)
		marshalled, err = xml.Marshal(value)
		fmt.Fprintln(&text, string(marshalled), err)
		fmt.Fprintln(&text, gob.NewEncoder(&text).Encode(value))
		search.RequireNone(t, name+": "+text.String(), valueSecrets()...)
	}
	t.Logf("%d values printed with %d verbs in all", len(values(t)), printed)
}

// failures keeps the output of failed assertions.
type failures struct{ strings.Builder }

func (f *failures) Errorf(format string, args ...any) { fmt.Fprintf(f, format, args...) }

// TestValues_FailedAssertionsShowNoSecret: test libraries print what they compare,
// with unexported fields and the values behind pointers.
func TestValues_FailedAssertionsShowNoSecret(t *testing.T) {
	search := new(sdktest.SecretSearch)
	for name, value := range values(t) {
		output := new(failures)
		assert.Equal(output, reflect.Zero(reflect.TypeOf(value)).Interface(), value)
		assert.Nil(output, value)
		assert.Equal(output, []any{1}, []any{value})
		require.NotEmpty(t, output.String(), name)
		search.RequireNone(t, name+": "+output.String(), valueSecrets()...)
	}
}
