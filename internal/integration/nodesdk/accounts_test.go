package nodesdk_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// account is an item of a list of accounts. One list asks for some of the fields,
// and the other gets the default fields.
type account struct {
	ID        graph.WABAID `json:"id"`
	Name      string       `json:"name"`
	Created   int64        `json:"creation_time"`
	Currency  string       `json:"currency"`
	Timezone  string       `json:"timezone_id"`
	Namespace string       `json:"message_template_namespace"`
}

// walk has the pages of a list that was read to its end, and then back to its
// first page.
type walk struct{ Forward, Backward [][]account }

func (w walk) ids() (ids []graph.WABAID) {
	for _, page := range w.Forward {
		for _, a := range page {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// requireSamePages asserts that the pages were the same in both directions.
func (w walk) requireSamePages(t *testing.T) {
	t.Helper()
	back := slices.Clone(w.Forward[:len(w.Forward)-1])
	slices.Reverse(back)
	require.Equal(t, back, w.Backward)
}

// accounts reads every page once, forward by next and backward by previous. The
// links are absolute, on the host of the request, and contain the token, because the
// SDK adds nothing to them.
func (p program) accounts(t *testing.T) {
	sim := serve(t, graphtest.WithClients(120, 1))
	var seen struct{ Clients, Owned walk }
	p.run(t, sim, "accounts.js", input{"limit": 50}, &seen)

	clients := seen.Clients.ids()
	require.Len(t, clients, 120+len(sim.world.ClientWABAs))
	require.Equal(t, sim.world.ClientWABAs, clients[:len(sim.world.ClientWABAs)], "the newest first")
	slices.Sort(clients)
	require.Len(t, slices.Compact(clients), 120+len(sim.world.ClientWABAs))
	require.Len(t, seen.Clients.Forward, 3)
	require.NotZero(t, seen.Clients.Forward[0][0].Created)
	require.Empty(t, seen.Clients.Forward[0][0].Currency, "not asked for")
	seen.Clients.requireSamePages(t)

	oldestFirst := slices.Clone(sim.world.OwnedWABAs)
	slices.Reverse(oldestFirst)
	require.Equal(t, oldestFirst, seen.Owned.ids())
	require.Len(t, seen.Owned.Forward, 3)
	seen.Owned.requireSamePages(t)
	first := seen.Owned.Forward[0][0]
	require.Equal(t, []string{"Relay Support", "EUR", "47"}, []string{first.Name, first.Currency, first.Timezone})
	require.NotEmpty(t, first.Namespace)
	require.Zero(t, first.Created, "not one of the default fields")
}

// severalIDs reads several accounts with one call at /?ids=.
func (p program) severalIDs(t *testing.T) {
	sim := serve(t)
	var seen []struct {
		ID    graph.WABAID `json:"id"`
		Name  string       `json:"name"`
		Owner struct {
			ID   graph.BusinessID `json:"id"`
			Name string           `json:"name"`
		} `json:"owner_business_info"`
	}
	p.run(t, sim, "ids.js", input{"waba_ids": sim.world.ClientWABAs}, &seen)

	var ids []graph.WABAID
	owners := map[graph.BusinessID]bool{}
	for _, a := range seen {
		require.NotEmpty(t, a.Name)
		ids = append(ids, a.ID)
		owners[a.Owner.ID] = true
	}
	require.ElementsMatch(t, sim.world.ClientWABAs, ids)
	require.Len(t, owners, len(sim.world.ClientBusinesses), "two accounts are of one client")
	calls := sim.Calls()
	require.Len(t, calls, 1)
	require.Equal(t, "/v24.0/", calls[0].Path)
}

// everyField asks for all field names that the SDK has. The simulator knows all of
// them.
func (p program) everyField(t *testing.T) {
	sim := serve(t)
	var seen map[string]map[string]any
	p.run(t, sim, "fields.js", input{"nodes": map[string]any{
		"WhatsAppBusinessAccount":                sim.world.ClientWABAs[0],
		"ExtendedCredit":                         sim.world.CreditLine,
		"ExtendedCreditAllocationConfig":         sim.world.Allocation,
		"SystemUser":                             sim.world.Admin.ID,
		"WhatsAppBusinessPreVerifiedPhoneNumber": sim.world.PreVerified,
	}}, &seen)
	require.Len(t, seen, 5)
	require.Equal(t, "Tamarind Foods", seen["WhatsAppBusinessAccount"]["name"])
	require.Equal(t, "VERIFIED", seen["WhatsAppBusinessPreVerifiedPhoneNumber"]["code_verification_status"])
	for kind, node := range seen {
		require.Greater(t, len(node), 3, kind)
	}
}
