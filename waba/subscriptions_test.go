package waba_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

const (
	postSubscribed   = "POST /{waba-id}/subscribed_apps"
	deleteSubscribed = "DELETE /{waba-id}/subscribed_apps"
)

// Subscribing twice changes nothing. The app is that of the token, and the client
// can subscribe it too.
func TestClient_Subscribe(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	id := w.ClientWABAs[0]
	require.Empty(t, sdktest.Collect(t, accounts.Subscriptions(id)))
	require.NoError(t, accounts.Subscribe(t.Context(), id))
	require.NoError(t, accounts.Subscribe(t.Context(), id))
	require.Empty(t, sdktest.LastCall(t, server).Form, "it takes no parameters")
	got := sdktest.Collect(t, accounts.Subscriptions(id))
	require.Len(t, got, 1)
	require.Equal(t, w.App, got[0].App.ID)
	require.NotEmpty(t, got[0].App.Name)
	require.NotEmpty(t, got[0].App.Link)
	require.Empty(t, got[0].OverrideCallback)

	require.NoError(t, accounts.Unsubscribe(t.Context(), id))
	require.NoError(t, accounts.Unsubscribe(t.Context(), id), "a second time: nothing is left to remove")
	require.Empty(t, server.Subscribers(id))

	done, err := server.Signup(graphtest.SignupOptions{})
	require.NoError(t, err)
	client := sdktest.AsCustomer(t, server, waba.New, done.Business)
	require.NoError(t, client.Subscribe(t.Context(), done.WABAs[0]))
	require.Equal(t, []graph.AppID{w.App}, slices.Collect(maps.Keys(server.Subscribers(done.WABAs[0]))))
}

// A callback moves the message webhooks of one account. Subscribing without one
// removes it.
func TestClient_SubscribeTo(t *testing.T) {
	verified := ""
	server, w, accounts := sdktest.Start(t, waba.New, graphtest.WithCallbacks(func(url, token string) error {
		if strings.Contains(url, "down") {
			return errors.New("no challenge came back")
		}
		verified = url + " " + token
		return nil
	}))
	id := w.ClientWABAs[0]
	callback := waba.Callback{URI: "https://hooks.example/tenant/7", VerifyToken: graph.NewSecret("opensesame")}
	for range 2 {
		require.NoError(t, accounts.SubscribeTo(t.Context(), id, callback))
		require.Equal(t, "https://hooks.example/tenant/7 opensesame", verified)
		require.Equal(t, callback.URI, sdktest.Collect(t, accounts.Subscriptions(id))[0].OverrideCallback)
	}

	err := accounts.SubscribeTo(t.Context(), id, waba.Callback{URI: "https://down.example/", VerifyToken: graph.NewSecret("opensesame")})
	require.ErrorIs(t, err, graph.Code(2200))
	require.ErrorIs(t, err, graph.ErrInvalid)
	require.NotContains(t, err.Error(), "opensesame")
	require.Equal(t, callback.URI, server.Subscribers(id)[w.App], "the earlier callback stays")

	require.NoError(t, accounts.Subscribe(t.Context(), id))
	require.Empty(t, server.Subscribers(id)[w.App])
}

// A call whose answer was lost is sent again, and leaves one subscription.
func TestClient_SubscribeThroughFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, fault := range []graphtest.Fault{{LoseReply: true}, {CutBody: 3}, {ResetBefore: true}, {Code: 2}, {Code: 80008}, {Status: 502}} {
			server, w, accounts := sdktest.Start(t, waba.New)
			id := w.ClientWABAs[0]
			server.Times(postSubscribed, 2, fault)
			server.Times(deleteSubscribed, 2, fault)
			require.NoError(t, accounts.Subscribe(t.Context(), id))
			require.Len(t, server.Subscribers(id), 1)
			require.NoError(t, accounts.SubscribeTo(t.Context(), id, waba.Callback{URI: "https://hooks.example/", VerifyToken: graph.NewSecret("x")}))
			require.Equal(t, "https://hooks.example/", server.Subscribers(id)[w.App])
			require.NoError(t, accounts.Unsubscribe(t.Context(), id))
			require.Empty(t, server.Subscribers(id))
		}
	})
}

// An employee needs an assignment to the account, with the right task.
func TestClient_SubscribeAsEmployee(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	employee := sdktest.As(server, waba.New, w.Employee.Token)
	id := w.ClientWABAs[0]
	require.ErrorIs(t, employee.Subscribe(t.Context(), id), graph.ErrNotFound)
	require.NoError(t, accounts.Assign(t.Context(), id, w.Employee.ID, waba.TaskViewCost))
	require.ErrorIs(t, employee.Subscribe(t.Context(), id), graph.ErrPermission)
	require.NoError(t, accounts.Assign(t.Context(), id, w.Employee.ID, waba.TaskDevelop))
	require.NoError(t, employee.Subscribe(t.Context(), id))
	require.NoError(t, employee.Unsubscribe(t.Context(), id))
}

func TestClient_SubscribeBadInput(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	id := w.ClientWABAs[0]
	ctx := t.Context()
	secret := graph.NewSecret("x")
	for _, tt := range []struct {
		err   error
		field string
	}{
		{accounts.Subscribe(ctx, ""), "waba-id"},
		{accounts.Unsubscribe(ctx, "12 34"), "waba-id"},
		{accounts.SubscribeTo(ctx, "x", waba.Callback{URI: "https://hooks.example/", VerifyToken: secret}), "waba-id"},
		{accounts.SubscribeTo(ctx, id, waba.Callback{}), "callback URI"},
		{accounts.SubscribeTo(ctx, id, waba.Callback{URI: "http://hooks.example/", VerifyToken: secret}), "callback URI"},
		{accounts.SubscribeTo(ctx, id, waba.Callback{URI: "hooks.example", VerifyToken: secret}), "callback URI"},
		{accounts.SubscribeTo(ctx, id, waba.Callback{URI: "https://%zz", VerifyToken: secret}), "callback URI"},
		{accounts.SubscribeTo(ctx, id, waba.Callback{URI: "https:///path", VerifyToken: secret}), "callback URI"},
		{accounts.SubscribeTo(ctx, id, waba.Callback{URI: "https://hooks.example/" + strings.Repeat("a", 179), VerifyToken: secret}), "callback URI"},
		{accounts.SubscribeTo(ctx, id, waba.Callback{URI: "https://hooks.example/"}), "verify token"},
		{sdktest.Failure(t, accounts.Subscriptions("x")), "waba-id"},
	} {
		sdktest.RequireRefused(t, server, tt.err, tt.field)
	}
	require.NoError(t, accounts.SubscribeTo(ctx, id, waba.Callback{URI: "https://hooks.example/" + strings.Repeat("a", 178), VerifyToken: secret}),
		"200 characters are allowed")
}
