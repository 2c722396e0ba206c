package graphsim_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestSchema_EveryFieldAnswers(t *testing.T) {
	c := start(t, graphsim.Config{})
	template := c.post("/"+c.world.OwnedWABAs[0]+"/message_templates", "name", "a", "language", "en", "category", "UTILITY", "components", `[{"type":"BODY","text":"x"}]`).ok().text("id")
	nodes := map[string]string{"Business": c.world.SharedBusinessID, "WhatsAppBusinessAccount": c.world.ClientWABAs[3], "WhatsAppBusinessPhoneNumber": c.world.RenamedNumberID,
		"SystemUser": c.world.AdminID, "Application": c.world.AppID, "ExtendedCredit": c.world.CreditLineID, "ExtendedCreditAllocationConfig": c.world.AllocationID,
		"WhatsAppBusinessPreVerifiedPhoneNumber": c.world.PreVerifiedNumberID, "WhatsAppBusinessHSM": template}
	checked := 0
	for _, nt := range graphsim.NodeTypes() {
		id, ok := nodes[nt.Name]
		if !ok {
			continue
		}
		var names []string
		for _, f := range nt.Fields {
			require.NotEmpty(t, f.Type, f.Name)
			names = append(names, f.Name)
			a := c.get("/v26.0/"+id, "fields", f.Name)
			a.ok()
			require.NotContains(t, a.raw, "null", f.Name)
		}
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(names))), len(names), nt.Name)
		if nt.Name != "ExtendedCredit" || checked > 0 {
			c.get("/v26.0/"+id, "fields", strings.Join(names, ",")).ok()
		}
		checked++
	}
	require.GreaterOrEqual(t, checked, len(nodes))
}
