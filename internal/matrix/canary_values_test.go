package matrix_test

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

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// theirOwn is a token source as somebody writes it in a hurry.
type theirOwn struct{ Text string }

func (s theirOwn) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: s.Text}, nil
}

// quiet answers every request with the same, and keeps nothing of it.
type quiet struct{ status int }

func (q quiet) RoundTrip(req *http.Request) (*http.Response, error) {
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

// The secrets of the values below. They look different in URLs and in JSON.
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

func valueSecrets() []wagraph.Secret {
	var secrets []wagraph.Secret
	for _, text := range []string{sentToken, receivedToken, appSecret, aCode, aPIN, aVerifyToken, aVaultKey, aSessionKey} {
		secrets = append(secrets, wagraph.NewSecret(text))
	}
	return secrets
}

// values are what a program holds of the SDK, by name.
func values(t *testing.T) map[string]any {
	t.Helper()
	secret := wagraph.NewSecret(sentToken)
	app := signup.App{ID: "670843887433847", Secret: wagraph.NewSecret(appSecret)}
	client := func(status int) *wagraph.Client {
		c, err := wagraph.New(theirOwn{sentToken}, wagraph.WithHTTPClient(&http.Client{Transport: quiet{status}}), wagraph.WithAppSecret(app.Secret))
		require.NoError(t, err)
		return c
	}
	good, bad := client(http.StatusOK), client(http.StatusUnauthorized)
	require.NoError(t, good.Do(t.Context(), wagraph.Request{Method: http.MethodGet, Route: "/me"}, nil), "its proof is kept now")
	token, err := signup.New(good, app).Exchange(t.Context(), wagraph.NewSecret(aCode), signup.ExchangeOptions{})
	require.NoError(t, err)
	require.Equal(t, receivedToken, token.Access.Reveal())
	with, err := good.With(wagraph.WithVersion("v24.0"))
	require.NoError(t, err)

	ring, err := vault.NewKeyring("k1", map[string][]byte{"k1": []byte(aVaultKey)})
	require.NoError(t, err)
	store, blobs := onboard.NewMemoryStore(), vault.NewMemoryStorage()
	secrets, err := vault.NewSealedVault(blobs, ring)
	require.NoError(t, err)
	require.NoError(t, secrets.Put(t.Context(), vault.Ref{Tenant: "acme", Record: "1", Kind: vault.SecretToken}, secret, token.Expires))
	callback := &waba.Callback{URI: "https://bsp.example/hook", VerifyToken: wagraph.NewSecret(aVerifyToken)}
	config := onboard.Config{Client: good, App: app, Business: "506914313209869", Store: store, Vault: secrets, Callback: callback}
	flow, err := onboard.New(config)
	require.NoError(t, err)
	begun, err := flow.Begin(t.Context(), onboard.BeginRequest{Tenant: "acme", Callback: signup.Callback{Code: wagraph.NewSecret(aCode)}})
	require.NoError(t, err)
	sessions, err := popup.NewSessions(wagraph.NewSecret(aSessionKey), popup.SessionOptions{OldKeys: []wagraph.Secret{wagraph.NewSecret(aSessionKey + "2")}})
	require.NoError(t, err)
	issued, err := sessions.Issue("acme", popup.PurposeSignup)
	require.NoError(t, err)
	session, err := sessions.Verify(issued, "acme", popup.PurposeSignup)
	require.NoError(t, err)
	join, err := popup.NewJoin(sessions, popup.JoinOptions{})
	require.NoError(t, err)
	batch := wagraph.NewBatch(bad)
	result := wagraph.Add(batch, waba.GetOp("102290129340398"))
	require.NoError(t, batch.Send(t.Context()))
	errRegister := phonenumbers.New(bad).Register(t.Context(), "106540352242922", wagraph.NewSecret(aPIN))
	_, errExchange := signup.New(bad, app).Exchange(t.Context(), wagraph.NewSecret(aCode), signup.ExchangeOptions{Get: true})
	_, errDebug := signup.New(bad, app).Debug(t.Context(), secret)

	return map[string]any{
		"Secret": secret, "*Secret": &secret, "[]Secret": []wagraph.Secret{secret}, "map": map[string]any{"s": secret},
		"Client": good, "Client of As": good.As(theirOwn{sentToken}), "Client of With": with,
		"StaticToken": wagraph.StaticToken(sentToken), "SecretToken": wagraph.SecretToken(secret),
		"List": waba.New(good).Clients("506914313209869", waba.Query{}), "Op": waba.GetOp("1"), "Batch": batch, "Result": result,
		"Request": wagraph.Request{Form: struct{ PIN wagraph.Secret }{wagraph.NewSecret(aPIN)}},
		"Error":   errRegister, "Error of an exchange": errExchange, "Error of Debug": errDebug, "joined": fmt.Errorf("a: %w", errRegister),
		"waba.Client": waba.New(good), "waba.Callback": callback, "phonenumbers.Client": phonenumbers.New(good), "credit.Client": credit.New(good),
		"ShareRequest": credit.ShareRequest{ClientToken: token}, "App": app, "signup.Callback": signup.Callback{Code: secret, AccessToken: secret},
		"Token": token, "signup.Client": signup.New(good, app), "BeginRequest": onboard.BeginRequest{Callback: signup.Callback{Code: wagraph.NewSecret(aCode)}},
		"AdoptRequest": onboard.AdoptRequest{Token: secret}, "Config": config, "Flow": flow, "Record": begun,
		"Keyring": ring, "SealedVault": secrets, "MemoryStore": store, "MemoryStorage": blobs, "Sessions": sessions, "Session": session, "Join": join,
		"DiagnoseRequest": onboard.DiagnoseRequest{Client: good, App: app, Token: secret},
	}
}

// TestNoValueShowsItsSecret prints, logs, dumps and marshals every value.
func TestNoValueShowsItsSecret(t *testing.T) {
	songs, printed := newCanary(), 0
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
		songs.require(t, name+": "+text.String(), valueSecrets()...)
	}
	t.Logf("%d values printed with %d verbs in all", len(values(t)), printed)
}

// failures takes what an assertion prints.
type failures struct{ strings.Builder }

func (f *failures) Errorf(format string, args ...any) { fmt.Fprintf(f, format, args...) }

// TestNoFailedAssertionShowsASecret: test libraries dump what they compare,
// unexported fields and what pointers lead to included.
func TestNoFailedAssertionShowsASecret(t *testing.T) {
	songs := newCanary()
	for name, value := range values(t) {
		said := new(failures)
		assert.Equal(said, reflect.Zero(reflect.TypeOf(value)).Interface(), value)
		assert.Nil(said, value)
		assert.Equal(said, []any{1}, []any{value})
		require.NotEmpty(t, said.String(), name)
		songs.require(t, name+": "+said.String(), valueSecrets()...)
	}
}
