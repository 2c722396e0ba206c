package wagraph_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func TestBaseURLsThatCannotBeMeant(t *testing.T) {
	for _, base := range []string{
		"https://h:99999", "https://h:0", "https://graph.facebook.com/v25.0/x", "https://h/../x", "https://h/a%2fb", "https://h//x",
	} {
		_, err := wagraph.New(wagraph.StaticToken("t"), wagraph.WithBaseURL(base))
		require.ErrorIs(t, err, wagraph.ErrInput, base)
	}
	_, err := wagraph.New(wagraph.StaticToken("t"), wagraph.WithBaseURL("http://LOCALHOST:8025/graph/"))
	require.NoError(t, err)
	for _, version := range []string{"v025.0", "v25.00", "v0.0", "25.0", "v25", "v2500.0"} {
		_, err := wagraph.New(wagraph.StaticToken("t"), wagraph.WithVersion(version))
		require.ErrorIs(t, err, wagraph.ErrInput, version)
	}
}

func TestACredentialInAJSONBodyIsRefused(t *testing.T) {
	server := graphtest.New(t)
	err := server.Client().Do(t.Context(), wagraph.Request{
		Method: http.MethodPost, Route: "/{waba-id}/subscribed_apps", IDs: []string{"1"}, JSON: map[string]string{"access_token": "x"},
	}, nil)
	require.ErrorIs(t, err, wagraph.ErrInput)
	require.Empty(t, server.Calls())
}

var errVault = errors.New("the vault is sealed")

type vaultDown struct{}

func (vaultDown) Token(context.Context) (*oauth2.Token, error) {
	return nil, fmt.Errorf("tenant 42: %w: %w", errVault, &url.Error{Op: "Get", URL: "https://vault/?key=canary", Err: errors.New("refused")})
}

func TestATokenSourcesErrorStaysItself(t *testing.T) {
	server := graphtest.New(t)
	err := server.Client().As(vaultDown{}).Do(t.Context(), wagraph.Request{Method: http.MethodGet, Route: "/me"}, nil)
	require.ErrorIs(t, err, errVault)
	require.ErrorContains(t, err, "tenant 42: the vault is sealed: refused")
	require.NotContains(t, err.Error(), "canary")
	var urlError *url.Error
	require.NotErrorAs(t, err, &urlError)
}

func TestSelectionsThatCannotBeMeant(t *testing.T) {
	server := graphtest.New(t)
	for _, fields := range []wagraph.Fields{{""}, {"id", " "}, {"phone_numbers{id"}, {"phone_numbers.limit(5{id}"}} {
		list := wagraph.NewList[struct{}](server.Client(), wagraph.Request{Route: "/{waba-id}/phone_numbers", IDs: []string{"1"}}, wagraph.ListOptions{Fields: fields})
		for _, err := range list.All(t.Context()) {
			require.ErrorIs(t, err, wagraph.ErrInput, "%q", fields)
		}
		_, err := waba.New(server.Client()).Get(t.Context(), "1", fields...)
		require.ErrorIs(t, err, wagraph.ErrInput, "%q", fields)
	}
	require.NoError(t, wagraph.Fields{"phone_numbers{id", "status}"}.Check(), "what belongs together may be cut at its commas")
	require.Empty(t, server.Calls())
}
