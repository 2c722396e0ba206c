package credit_test

import (
	"slices"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

const (
	postShare        = "POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach"
	postAttach       = "POST /{extended-credit-id}/whatsapp_credit_attach"
	getAllocations   = "GET /{extended-credit-id}/owning_credit_allocation_configs"
	getAllocation    = "GET /{allocation-config-id}"
	deleteAllocation = "DELETE /{allocation-config-id}"
	getAccount       = "GET /{waba-id}"
)

// live returns the allocations of a client business that are not revoked.
func live(server *graphtest.Server, business graph.BusinessID) []graphtest.Allocation {
	return slices.DeleteFunc(server.Allocations(), func(a graphtest.Allocation) bool { return a.Deleted || a.Business != business })
}

// posts counts the calls that bill.
func posts(server *graphtest.Server) int { return sdktest.CountCalls(server, postShare) }
