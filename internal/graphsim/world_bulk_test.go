package graphsim_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestBulk_ManyAccounts(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begin := time.Now()
	c := start(t, graphsim.Config{WABAs: 100_000, Numbers: 3})
	built := time.Since(begin)
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("built in %v, %d KiB", built, (after.HeapAlloc-before.HeapAlloc)>>10)
	require.Less(t, built, 2*time.Second)
	require.Less(t, after.HeapAlloc-before.HeapAlloc, uint64(16<<20))

	edge := "/" + c.world.BusinessID + "/client_whatsapp_business_accounts"
	seen := map[string]bool{}
	cursor := ""
	begin = time.Now()
	pages := 0
	for {
		a := c.get(edge, "fields", "id", "limit", "100", "after", cursor).ok()
		for _, id := range a.ids() {
			require.False(t, seen[id])
			seen[id] = true
		}
		pages++
		if a.text("paging", "next") == "" {
			break
		}
		cursor = a.text("paging", "cursors", "after")
	}
	t.Logf("%d accounts in %d pages in %v", len(seen), pages, time.Since(begin))
	require.Len(t, seen, 100_000+len(c.world.ClientWABAs))

	a := c.get(edge, "fields", "id,owner_business_info,primary_funding_id,phone_numbers{id,certificate}", "limit", "100", "after", cursor).ok()
	last := a.ids()[0]
	numbers := a.ids("data", "0", "phone_numbers")
	require.Len(t, numbers, 3)
	require.Equal(t, numbers, c.get("/"+last+"/phone_numbers").ok().ids())

	require.Empty(t, c.as(c.world.EmployeeToken).get(edge, "limit", "100").ok().ids())
	begin = time.Now()
	require.Len(t, c.as(c.world.AppToken).get("/"+c.world.AppID+"/connected_client_businesses", "limit", "100").ok().ids(), 100)
	require.Less(t, time.Since(begin), 2*time.Second)

	// A write makes a virtual node real, and a deleted node does not come back.
	c.post("/" + last + "/subscribed_apps").ok()
	require.Len(t, c.sim.Subscriptions(last), 1)
	require.NoError(t, c.sim.DeleteNumber(numbers[0]))
	c.get("/"+numbers[0]).fails(400, 100, 33)
	require.Len(t, c.get("/"+last+"/phone_numbers").ok().ids(), 2)
	c.post("/" + numbers[1] + "/deregister").ok()
	require.Equal(t, "DISCONNECTED", c.get("/"+numbers[1], "fields", "status").ok().text("status"))
	require.NoError(t, c.sim.Unshare(last))
	c.get("/"+last).fails(400, 100, 33)
}

func TestBulk_Allocations(t *testing.T) {
	c := start(t, graphsim.Config{WABAs: 100, Numbers: 1})
	a := c.get("/"+c.world.CreditLineID+"/owning_credit_allocation_configs", "limit", "100", "fields", "id,receiving_business,receiving_credential").ok()
	require.Len(t, a.ids(), 92, "nine in ten clients, and the two of the default world")
	id := a.ids()[2]
	receiver := a.text("data", "2", "receiving_business", "id")
	find := func() []string {
		return c.get("/"+c.world.CreditLineID+"/owning_credit_allocation_configs", "receiving_business_id", receiver).ok().ids()
	}
	require.Equal(t, []string{id}, find())
	waba := c.get("/"+c.world.BusinessID+"/client_whatsapp_business_accounts", "fields", "owner_business_info,primary_funding_id", "limit", "100").ok()
	var attached string
	for _, item := range waba.at("data").([]any) {
		if w := item.(map[string]any); w["primary_funding_id"] == a.text("data", "2", "receiving_credential", "id") {
			attached = w["id"].(string)
		}
	}
	require.NotEmpty(t, attached)
	c.delete("/" + id).ok()
	require.Empty(t, find())
	require.Empty(t, c.get("/"+attached, "fields", "primary_funding_id").ok().text("primary_funding_id"))
	again := c.share(attached, c.get("/"+attached).ok().text("currency")).ok().text("allocation_config_id")
	require.Equal(t, []string{again}, find())
	token := must(c.sim.BusinessToken(receiver))
	require.Equal(t, []string{attached}, c.as(token).get("/me/businesses").ok().idsOr(attached))
	c.as(token).get("/" + attached).ok()
}

// idsOr returns the given id if the list has items.
func (a answer) idsOr(id string) []string {
	require.NotEmpty(a.t, a.ids())
	return []string{id}
}

func BenchmarkNestedPage(b *testing.B) {
	sim := graphsim.New(graphsim.Config{WABAs: 1000, Numbers: 3, ForgetCalls: true})
	t := &testing.T{}
	w := sim.World()
	c := client{t: t, sim: sim, world: w, rt: sim.RoundTripper(), host: "https://graph.facebook.com", token: w.AdminToken}
	path := "/" + w.BusinessID + "/client_whatsapp_business_accounts?limit=100&fields=id,name,phone_numbers{id,display_phone_number,certificate,name_status}"
	b.ReportAllocs()
	for b.Loop() {
		_, body, err := c.raw(b.Context(), "GET", path)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(body)))
	}
}
