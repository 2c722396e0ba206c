package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestCreditLines_Rights(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := "/" + c.world.BusinessID + "/extendedcredits"
	a := c.get(edge, "fields", "id,legal_entity_name,max_balance,owner_business").ok()
	require.Equal(t, []string{c.world.CreditLineID}, a.ids())
	require.Equal(t, "5000000", a.text("data", "0", "max_balance", "amount_in_hundredths"))
	require.Equal(t, "50000.00", a.text("data", "0", "max_balance", "amount"))
	require.Equal(t, map[string]any{"id": c.world.CreditLineID}, c.get(edge).ok().at("data", "0"), "only the id is served by default")
	employee := c.as(c.world.EmployeeToken)
	require.Empty(t, employee.get(edge).ok().ids(), "no finance role is an empty list, not an error")
	employee.get("/"+c.world.CreditLineID).fails(403, 200, 0)

	su, _ := c.signup(graphsim.SignupSpec{})
	require.NoError(t, c.sim.SetFinance(c.world.EmployeeID, "Editor"))
	require.Len(t, employee.get(edge).ok().ids(), 1)
	denied := employee.share(su.WABAIDs[0], "USD").fails(400, 100, 0)
	require.Contains(t, denied.text("error", "message"), "does not have permission to update the WhatsApp Business Account")
	c.post("/"+su.WABAIDs[0]+"/assigned_users", "user", c.world.EmployeeID, "tasks", `["VIEW_COST"]`).ok()
	employee.share(su.WABAIDs[0], "USD").fails(403, 200, 0)
	c.post("/"+su.WABAIDs[0]+"/assigned_users", "user", c.world.EmployeeID, "tasks", `["MANAGE_BILLING"]`).ok()
	employee.share(su.WABAIDs[0], "USD").ok()

	strict := start(t, graphsim.Config{ShareNeedsAssignment: true})
	su2, _ := strict.signup(graphsim.SignupSpec{})
	strict.share(su2.WABAIDs[0], "USD").fails(400, 100, 0)
	strict.post("/"+su2.WABAIDs[0]+"/assigned_users", "user", strict.world.AdminID, "tasks", `["MANAGE"]`).ok()
	strict.share(su2.WABAIDs[0], "USD").ok()
}

func TestListAllocations_BareObject(t *testing.T) {
	c := start(t, graphsim.Config{BareAllocation: true})
	edge := "/" + c.world.CreditLineID + "/owning_credit_allocation_configs"
	a := c.get(edge, "receiving_business_id", c.world.SharedBusinessID, "fields", "id,receiving_business").ok()
	require.Equal(t, c.world.AllocationID, a.text("id"))
	require.Equal(t, c.world.SharedBusinessID, a.text("receiving_business", "id"))
	require.Equal(t, map[string]any{}, c.get(edge, "receiving_business_id", c.world.UnsharedBusinessID).ok().body)
	require.NotEmpty(t, c.get(edge).ok().ids(), "without a client it stays a list")
}
