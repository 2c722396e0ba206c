package nodesdk_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// id is a node of which only the id was asked for.
type id[T ~string] struct {
	ID T `json:"id"`
}

// party is a business as other objects refer to it.
type party struct {
	ID   graph.BusinessID `json:"id"`
	Name string           `json:"name"`
}

// allocation is an item of the list of allocations.
type allocation struct {
	ID         graph.AllocationID  `json:"id"`
	Receiver   party               `json:"receiving_business"`
	Credential id[graph.FundingID] `json:"receiving_credential"`
}

// allocationsOf returns the allocations of a client in the simulator, with the
// deleted ones.
func (s simulator) allocationsOf(client graph.BusinessID) []graphtest.Allocation {
	return slices.DeleteFunc(s.Allocations(), func(a graphtest.Allocation) bool { return a.Business != client })
}

// shareCredit shares the credit line with a client that has none. After one call, the
// credential that the client received is the one that pays for its account.
func (p program) shareCredit(t *testing.T) {
	sim := serve(t)
	done, err := sim.Signup(graphtest.SignupOptions{Name: "Lindenhof Apotheke", Country: "DE"})
	require.NoError(t, err)
	var seen struct {
		Line struct {
			ID    graph.CreditLineID `json:"id"`
			Legal string             `json:"legal_entity_name"`
		}
		Client        graph.BusinessID
		Before, After []allocation
		Shared        struct {
			ID   graph.AllocationID `json:"allocation_config_id"`
			WABA graph.WABAID       `json:"waba_id"`
		}
		Funded struct {
			ID       graph.WABAID    `json:"id"`
			Funding  graph.FundingID `json:"primary_funding_id"`
			Currency string          `json:"currency"`
		}
	}
	p.run(t, sim, "share.js", input{"waba_id": done.WABAs[0], "currency": "EUR"}, &seen)

	require.Equal(t, sim.world.CreditLine, seen.Line.ID)
	require.NotEmpty(t, seen.Line.Legal)
	require.Equal(t, done.Business, seen.Client)
	require.Empty(t, seen.Before)
	require.Equal(t, done.WABAs[0], seen.Shared.WABA)

	truth := sim.allocationsOf(done.Business)
	require.Len(t, truth, 1)
	require.Equal(t, []graph.WABAID{done.WABAs[0]}, truth[0].WABAs)
	require.Equal(t, truth[0].ID, seen.Shared.ID)
	require.Equal(t, []allocation{{truth[0].ID, party{done.Business, "Lindenhof Apotheke"}, id[graph.FundingID]{truth[0].Funding}}}, seen.After)
	require.Equal(t, truth[0].Funding, seen.Funded.Funding)
	require.Equal(t, "EUR", seen.Funded.Currency)
}

// revokeCredit revokes an allocation. It is no longer in the list, it can still be
// read, and none of the client's accounts has funding any more.
func (p program) revokeCredit(t *testing.T) {
	sim := serve(t)
	var seen struct {
		Before, After []graph.AllocationID
		Revoked       success
		Left          struct {
			ID         graph.AllocationID   `json:"id"`
			Receiver   party                `json:"receiving_business"`
			Credential *id[graph.FundingID] `json:"receiving_credential"`
			Status     string               `json:"request_status"`
		}
	}
	revoked := sim.world.Allocation
	p.run(t, sim, "revoke.js", input{"credit_line_id": sim.world.CreditLine, "allocation_id": revoked}, &seen)

	require.Len(t, seen.Before, 2)
	require.Contains(t, seen.Before, revoked)
	require.True(t, seen.Revoked.Success)
	require.Equal(t, "DELETED", seen.Left.Status)
	require.Equal(t, sim.world.WithCredit, seen.Left.Receiver.ID)
	require.Nil(t, seen.Left.Credential)
	require.Equal(t, slices.DeleteFunc(seen.Before, func(a graph.AllocationID) bool { return a == revoked }), seen.After)

	truth := sim.allocationsOf(sim.world.WithCredit)
	require.Len(t, truth, 1)
	require.True(t, truth[0].Deleted)
	require.Len(t, truth[0].WABAs, 2)
	for _, waba := range truth[0].WABAs {
		funding, _ := sim.Funding(waba)
		require.Empty(t, funding)
	}
}
