package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// live returns the valid allocations of a client.
func (c client) live(business string) []graphsim.Allocation {
	var list []graphsim.Allocation
	for _, a := range c.sim.Allocations() {
		if a.ReceivingBusinessID == business && !a.Deleted {
			list = append(list, a)
		}
	}
	return list
}

func TestShareAndAttach_OneAllocationPerClient(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{WABAs: 2})
	first, second := su.WABAIDs[1], su.WABAIDs[0]
	c.share(first, "").fails(400, 100, 0)
	c.share(first, "eur").fails(400, 100, 0)
	c.share("1", "EUR").fails(400, 100, 0)
	c.share(c.world.OwnedWABAs[0], "EUR").fails(400, 100, 0)
	business.share(first, "EUR").fails(403, 200, 0)
	c.as(c.world.EmployeeToken).share(first, "EUR").fails(403, 200, 0)

	a := c.share(first, "EUR").ok()
	require.Equal(t, first, a.text("waba_id"))
	id := a.text("allocation_config_id")
	require.Equal(t, id, c.share(second, "USD").ok().text("allocation_config_id"), "a second account joins the allocation")
	require.Len(t, c.live(su.BusinessID), 1)
	c.share(first, "USD").fails(400, 100, 0)
	require.Equal(t, id, c.share(first, "EUR").ok().text("allocation_config_id"))
	require.Equal(t, []string{first, second, first}, c.live(su.BusinessID)[0].WABAs, "each attachment is listed")

	verify := c.get("/"+id, "fields", "receiving_credential{id},request_status").ok()
	funding := business.get("/"+first, "fields", "primary_funding_id").ok().text("primary_funding_id")
	require.NotEmpty(t, funding)
	require.Equal(t, funding, verify.text("receiving_credential", "id"))
	require.Nil(t, verify.at("request_status"))

	found := c.get("/"+c.world.CreditLineID+"/owning_credit_allocation_configs", "receiving_business_id", su.BusinessID, "fields", "id,receiving_business").ok()
	require.Equal(t, []string{id}, found.ids())
	require.Equal(t, su.BusinessID, found.text("data", "0", "receiving_business", "id"))
	all := c.get("/" + c.world.CreditLineID + "/owning_credit_allocation_configs").ok()
	require.Contains(t, all.ids(), c.world.AllocationID)
	require.Contains(t, all.ids(), id)

	c.as(c.world.EmployeeToken).delete("/"+id).fails(403, 200, 0)
	business.delete("/"+id).fails(400, 100, 33)
	c.delete("/" + id).ok()
	require.Equal(t, "DELETED", c.get("/"+id, "fields", "receiving_business,request_status").ok().text("request_status"))
	c.delete("/"+id).fails(400, 100, 33)
	for _, waba := range su.WABAIDs {
		require.Empty(t, business.get("/"+waba, "fields", "primary_funding_id").ok().text("primary_funding_id"), "all of the client's accounts lose it")
	}
	require.Empty(t, c.get("/"+c.world.CreditLineID+"/owning_credit_allocation_configs", "receiving_business_id", su.BusinessID).ok().ids())
	require.NotEqual(t, id, c.share(first, "EUR").ok().text("allocation_config_id"))
	c.delete("/" + c.live(su.BusinessID)[0].ID).ok()
	c.share(first, "USD").fails(400, 100, 0)
}

func TestShareCredit_TwoSteps(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	line := "/" + c.world.CreditLineID
	attach := func(c client) answer {
		return c.post(line+"/whatsapp_credit_attach", "waba_id", su.WABAIDs[0], "waba_currency", "USD")
	}
	attach(business).fails(400, 100, 0)
	c.post(line+"/whatsapp_credit_sharing", "receiving_business_id", c.world.BusinessID).fails(400, 100, 0)
	a := c.post(line+"/whatsapp_credit_sharing", "receiving_business_id", su.BusinessID).ok()
	require.Equal(t, true, a.at("success"))
	c.post(line+"/whatsapp_credit_sharing", "receiving_business_id", su.BusinessID).fails(400, 4000, 0)
	attach(c).fails(403, 200, 0)
	require.Equal(t, a.text("allocation_config_id"), attach(business).ok().text("allocation_config_id"))
	other, _ := c.signup(graphsim.SignupSpec{})
	business.post(line+"/whatsapp_credit_attach", "waba_id", other.WABAIDs[0], "waba_currency", "USD").fails(400, 100, 0)
	business.get(line).fails(403, 200, 0)
	c.post(line+"/owning_credit_allocation_configs", "receiving_business_id", su.BusinessID).fails(400, 3, 0)
}
