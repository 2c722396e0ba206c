package graphsim_test

import (
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestConfig_Switches(t *testing.T) {
	numeric := start(t, graphsim.Config{NumericIDs: true})
	a := numeric.get("/" + numeric.world.BusinessID + "/owned_whatsapp_business_accounts").ok()
	require.Contains(t, a.raw, `"id":`+numeric.world.OwnedWABAs[0])
	require.Equal(t, numeric.world.OwnedWABAs, a.ids())

	clamped := start(t, graphsim.Config{ClampLimits: true})
	clamped.get("/"+clamped.world.BusinessID+"/owned_whatsapp_business_accounts", "limit", "5000").ok()

	thin := start(t, graphsim.Config{ThinPages: true})
	edge := "/" + thin.world.BusinessID + "/client_whatsapp_business_accounts"
	last := thin.world.ClientWABAs[len(thin.world.ClientWABAs)-1]
	thin.post("/"+last+"/assigned_users", "user", thin.world.EmployeeID, "tasks", `["MANAGE"]`).ok()
	page := thin.as(thin.world.EmployeeToken).get(edge, "limit", "1").ok()
	require.Empty(t, page.ids(), "an empty page")
	require.NotEmpty(t, page.text("paging", "next"), "more pages follow an empty page")

	small := start(t, graphsim.Config{MaxCost: 100})
	big := small.get("/"+small.world.BusinessID+"/client_whatsapp_business_accounts", "limit", "10", "fields", "phone_numbers.limit(10){id}")
	big.fails(500, 1, 0)
	require.Contains(t, big.text("error", "message"), "reduce the amount of data")
	small.get("/"+small.world.BusinessID+"/client_whatsapp_business_accounts", "limit", "5", "fields", "phone_numbers.limit(10){id}").ok()
}

func TestSim_ConcurrentUse(t *testing.T) {
	c := start(t, graphsim.Config{WABAs: 1000, Numbers: 2, Quota: true})
	edge := "/" + c.world.BusinessID + "/client_whatsapp_business_accounts"
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				su, err := c.sim.Signup(graphsim.SignupSpec{})
				if err != nil {
					t.Error(err)
					return
				}
				form := url.Values{"waba_id": {su.WABAIDs[0]}, "waba_currency": {"USD"}}
				for _, path := range []string{edge + "?limit=50&fields=id,phone_numbers{id,certificate}", "/" + su.WABAIDs[0], "/me"} {
					if _, _, err := c.raw(t.Context(), "GET", path); err != nil {
						t.Error(err)
					}
				}
				if _, _, err := c.raw(t.Context(), "POST", "/"+c.world.CreditLineID+"/whatsapp_credit_sharing_and_attach?"+form.Encode()); err != nil {
					t.Error(err)
				}
				c.sim.Calls()
				c.sim.Dump()
				c.sim.Control("GET /me", func(*graphsim.Call) *graphsim.Fault { return nil })()
			}
		})
	}
	wg.Wait()
	require.Len(t, c.sim.Allocations(), 2+80)
}
