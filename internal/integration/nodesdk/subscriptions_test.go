package nodesdk_test

import (
	"testing"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/stretchr/testify/require"
)

// subscribedApp is an item of the one list that Meta serves without paging.
type subscribedApp struct {
	App struct {
		ID         graph.AppID `json:"id"`
		Name, Link string
	} `json:"whatsapp_business_api_data"`
	Callback string `json:"override_callback_uri"`
}

// subscriptions: the app behind the token is subscribed, and no more.
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
