package graph_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-querystring/query"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// holder has a secret in every kind of field.
type holder struct {
	Exported graph.Secret
	hidden   graph.Secret
	pointer  *graph.Secret
	slice    []graph.Secret
	mapped   map[string]graph.Secret
	any      any
	inner    struct{ secret graph.Secret }
	source   graph.TokenSource
}

func newHolder() *holder {
	s := graph.NewSecret(token)
	h := &holder{
		Exported: s, hidden: s, pointer: &s, slice: []graph.Secret{s}, mapped: map[string]graph.Secret{"k": s}, any: s,
		source: graph.SecretToken(s),
	}
	h.inner.secret = s
	return h
}

// failures records what an assertion would print.
type failures struct{ bytes.Buffer }

func (f *failures) Errorf(format string, args ...any) { fmt.Fprintf(f, format, args...) }

func TestSecret_DoesNotPrint(t *testing.T) {
	h := newHolder()
	var text bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%T", "%w", "%10.3s"} {
		for _, value := range []any{h, *h, h.Exported, &h.Exported, h.slice, h.mapped, h.any, h.source, []any{h.Exported}} {
			fmt.Fprintf(&text, verb, value)
		}
	}
	fmt.Fprintln(&text, h.Exported, h.Exported.String(), h.Exported.GoString())
	slog.New(slog.NewJSONHandler(&text, nil)).Info("m", "h", h, "s", h.Exported, "p", &h.Exported, "l", h.slice)
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "h", h, "s", h.Exported, "p", &h.Exported, "l", h.slice)
	diff := &failures{} // dumpers that look into unexported fields
	require.False(t, assert.Equal(diff, &holder{}, h))
	require.False(t, assert.Nil(diff, h))
	requireNoSecret(t, text.String()+diff.String())

	require.Equal(t, "[redacted] []", fmt.Sprintf("%v [%s]", h.Exported, graph.Secret{}))
}

func TestSecret_IsNotMarshalled(t *testing.T) {
	s := graph.NewSecret(token)
	for _, v := range []any{s, &s, struct{ S graph.Secret }{s}, []graph.Secret{s}, map[string]graph.Secret{"s": s}, map[string]any{"s": s}} {
		out, err := json.Marshal(v)
		require.Error(t, err)
		require.Empty(t, out)
	}
	out, err := json.Marshal(struct {
		S graph.Secret `json:",omitzero"`
	}{})
	require.NoError(t, err)
	require.JSONEq(t, `{}`, string(out))
	_, err = xml.Marshal(struct{ S graph.Secret }{s})
	require.Error(t, err)
	var sink bytes.Buffer
	require.Error(t, gob.NewEncoder(&sink).Encode(struct{ S graph.Secret }{s}))
	_, err = s.MarshalText()
	require.Error(t, err)
	_, err = s.MarshalBinary()
	require.Error(t, err)
	requireNoSecret(t, sink.String()+err.Error())
}

func TestSecret_Reveal(t *testing.T) {
	s := graph.NewSecret(token)
	require.Equal(t, token, s.Reveal())
	require.True(t, s.Equal(graph.NewSecret(token)))
	require.False(t, s.Equal(graph.NewSecret(code)))
	require.False(t, s.Equal(graph.Secret{}))
	require.True(t, graph.NewSecret("").IsZero())
	require.Empty(t, graph.Secret{}.Reveal())

	values, err := query.Values(struct {
		A graph.Secret `url:"a"`
		B graph.Secret `url:"b"`
	}{A: s})
	require.NoError(t, err)
	require.Equal(t, url.Values{"a": {token}}, values)

	var read struct{ S graph.Secret }
	require.NoError(t, json.Unmarshal([]byte(`{"S":"EAAcanary\/token+of&tests"}`), &read))
	require.True(t, s.Equal(read.S))
	for _, wrong := range []string{`{"S":270731}`, `{"S":["` + token + `"]}`, `{"S":{"a":"` + token + `"}}`} {
		err := json.Unmarshal([]byte(wrong), &read)
		require.ErrorContains(t, err, "must be a JSON string")
		requireNoSecret(t, err.Error())
	}
}

func TestTokenSource_Kinds(t *testing.T) {
	for name, source := range map[string]graph.TokenSource{
		"static": graph.StaticToken(token), "secret": graph.SecretToken(graph.NewSecret(token)),
		"oauth2": graph.FromOAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})),
	} {
		got, err := source.Token(t.Context())
		require.NoError(t, err, name)
		require.Equal(t, token, got.AccessToken, name)
	}
	none, err := graph.Anonymous().Token(t.Context())
	require.NoError(t, err)
	require.Nil(t, none)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = graph.FromOAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})).Token(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

// wrongTokens are tokens that no header can carry, each with what is wrong.
func wrongTokens() map[string]string {
	return map[string]string{
		"": "token is empty", " ": "token contains a blank", "EAA canary": "token contains a blank", "canary\t": "token contains a blank",
		"canary\n": "token contains a line break", "canary\r\nX-Evil: 1": "token contains a line break",
		"canary\x00": "token contains a control character", "canary\x7f": "token contains a control character",
		"canary\u00a0": "token contains a character that is not ASCII", "\ufeffcanary": "token contains a character that is not ASCII",
	}
}

func TestTokenSource_WrongTokenIsRefusedAtConstruction(t *testing.T) {
	w := newWire(reply(http.StatusOK, `{}`))
	good := newClient(t, w)
	refuses := func(source graph.TokenSource, says string) {
		t.Helper()
		_, err := graph.New(source, graph.WithHTTPClient(&http.Client{Transport: w}))
		_, withErr := good.As(source).With(graph.WithVersion("v24.0"))
		for _, err := range []error{err, withErr, good.As(source).Do(t.Context(), read(graph.RepeatAuto), nil)} {
			requireSays(t, err, says)
			require.NotContains(t, err.Error(), "canary")
			require.NotContains(t, err.Error(), "Evil")
		}
	}
	for wrong, says := range wrongTokens() {
		refuses(graph.StaticToken(wrong), says)
		refuses(graph.SecretToken(graph.NewSecret(wrong)), says)
	}
	refuses(graph.FromOAuth2(nil), "token source is nil: FromOAuth2 needs one")
	refuses(nil, "token source is nil; Anonymous")
	require.Zero(t, w.count())
}

// counted is a source of the application that counts how often it is asked.
type counted struct {
	token string
	asked int
}

func (c *counted) Token(context.Context) (*oauth2.Token, error) {
	c.asked++
	return &oauth2.Token{AccessToken: c.token}, nil
}

func TestTokenSource_OfTheApplicationIsAskedByCalls(t *testing.T) {
	w := newWire(reply(http.StatusOK, `{}`))
	for wrong, says := range wrongTokens() {
		source := &counted{token: wrong}
		client, err := graph.New(source, graph.WithHTTPClient(&http.Client{Transport: w}))
		require.NoError(t, err)
		client, err = client.As(source).With(graph.WithVersion("v24.0"))
		require.NoError(t, err)
		require.Zero(t, source.asked)
		requireSays(t, client.Do(t.Context(), read(graph.RepeatAuto), nil), says)
		require.Equal(t, 1, source.asked)
	}
	require.Zero(t, w.count())
}

var errVault = errors.New("the vault is sealed")

type vaultDown struct{}

func (vaultDown) Token(context.Context) (*oauth2.Token, error) {
	return nil, fmt.Errorf("tenant 42: %w: %w", errVault, &url.Error{Op: "Get", URL: "https://vault/?key=canary", Err: errors.New("refused")})
}

func TestTokenSource_ErrorKeepsItsIdentity(t *testing.T) {
	server := graphtest.New(t)
	err := server.Client().As(vaultDown{}).Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/me"}, nil)
	require.ErrorIs(t, err, errVault)
	require.ErrorContains(t, err, "tenant 42: the vault is sealed: refused")
	require.NotContains(t, err.Error(), "canary")
	var urlError *url.Error
	require.NotErrorAs(t, err, &urlError)
}
