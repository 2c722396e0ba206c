package nodesdk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// subscribedApp is an item of the list of subscribed apps, which has no paging.
type subscribedApp struct {
	App struct {
		ID         graph.AppID `json:"id"`
		Name, Link string
	} `json:"whatsapp_business_api_data"`
	Callback string `json:"override_callback_uri"`
}

// subscriptions subscribes and unsubscribes the app of the token, and no other app.
func (p program) subscriptions(t *testing.T) {
	sim := serve(t)
	waba, callback := sim.world.ClientWABAs[0], "https://partner.example/webhook"
	var seen struct {
		Subscribed    success
		During, After []subscribedApp
		Unsubscribed  *success
	}
	p.run(t, sim, "subscriptions.js", input{"waba_id": waba, "callback": callback, "keep": true}, &seen)

	require.True(t, seen.Subscribed.Success)
	require.Equal(t, map[graph.AppID]string{sim.world.App: callback}, sim.Subscribers(waba))
	require.Len(t, seen.During, 1)
	require.Equal(t, sim.world.App, seen.During[0].App.ID)
	require.NotEmpty(t, seen.During[0].App.Name)
	require.Equal(t, callback, seen.During[0].Callback)
	require.Equal(t, seen.During, seen.After)

	p.run(t, sim, "subscriptions.js", input{"waba_id": waba, "callback": callback}, &seen)
	require.True(t, seen.Unsubscribed.Success)
	require.Empty(t, seen.After)
	require.Empty(t, sim.Subscribers(waba))
}
