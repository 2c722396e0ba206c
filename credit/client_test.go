package credit_test

import (
	"testing"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

func TestNew_ZeroClientsAreInputErrors(t *testing.T) {
	t.Logf("%d calls", sdktest.CheckZeroClients(t, credit.New, "credit.New"))
}

// An op with a wrong argument returns its error when it is sent.
func TestOps_BadInput(t *testing.T) {
	server, w, _ := sdktest.Start(t, credit.New)
	_, badLine := graph.Send(t.Context(), server.Client(), credit.GetLineOp(""))
	_, badField := graph.Send(t.Context(), server.Client(), credit.GetLineOp(w.CreditLine, "id", ""))
	_, badAllocation := graph.Send(t.Context(), server.Client(), credit.GetAllocationOp("x"))
	_, badFields := graph.Send(t.Context(), server.Client(), credit.GetAllocationOp(w.Allocation, "id", "receiving_business{"))
	sdktest.RequireRefused(t, server, badLine, "extended-credit-id")
	sdktest.RequireRefused(t, server, badField, "fields")
	sdktest.RequireRefused(t, server, badAllocation, "allocation-config-id")
	sdktest.RequireRefused(t, server, badFields, "fields")
}
