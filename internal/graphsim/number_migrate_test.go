package graphsim_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestMigrate_Conditions(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{WABAs: 2, NameStatus: "APPROVED"})
	to, from := su.WABAIDs[0], su.WABAIDs[1]
	number := c.get("/"+from+"/phone_numbers", "fields", "id,display_phone_number,country_dial_code").ok()
	id := number.text("data", "0", "id")
	cc := number.text("data", "0", "country_dial_code")
	national := strings.TrimPrefix(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number.text("data", "0", "display_phone_number")), cc)
	migrate := func() answer {
		return business.post("/"+to+"/phone_numbers", "cc", cc, "phone_number", national, "migrate_phone_number", "true")
	}
	require.Contains(t, migrate().fails(400, 100, 2388103).text("error", "error_user_msg"), "payment")
	c.post("/"+c.world.CreditLineID+"/whatsapp_credit_sharing_and_attach", "waba_id", to, "waba_currency", "USD").ok()
	require.Contains(t, migrate().fails(400, 100, 2388103).text("error", "error_user_msg"), "subscribed")
	business.post("/" + to + "/subscribed_apps").ok()
	require.NoError(t, c.sim.SetPIN(id, "123456"))
	migrate().fails(400, 100, 2388001)
	require.NoError(t, c.sim.SetPIN(id, ""))
	moved := migrate().ok().text("id")
	require.NotEqual(t, id, moved)
	business.get("/"+id).fails(400, 100, 33)
	require.Equal(t, "NOT_VERIFIED", business.get("/"+moved).ok().text("code_verification_status"))
	migrate().fails(400, 100, 2388012)
}
