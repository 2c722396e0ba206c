package graphsim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestVerifyCode_AfterAddingANumber(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{Variant: graphsim.VariantOnlyWABA})
	require.Empty(t, su.PhoneNumberIDs)
	edge := "/" + su.WABAIDs[0] + "/phone_numbers"
	for _, pairs := range [][]string{{}, {"cc", "49"}, {"cc", "49", "phone_number", "301234567"}, {"cc", "49", "phone_number", "1", "verified_name", "N"}} {
		business.post(edge, pairs...).fails(400, 100, 0)
	}
	id := business.post(edge, "cc", "49", "phone_number", "301234567", "verified_name", "Nordlicht").ok().text("id")
	business.post(edge, "cc", "49", "phone_number", "301234567", "verified_name", "Nordlicht").fails(400, 100, 2388012)
	other, b2 := c.signup(graphsim.SignupSpec{})
	b2.post("/"+other.WABAIDs[0]+"/phone_numbers", "cc", "49", "phone_number", "301234567", "verified_name", "X").fails(400, 200000, 0)
	require.Equal(t, []string{id}, business.get(edge, "display_phone_number", "49301234567").ok().ids())
	require.Empty(t, business.get(edge, "display_phone_number", "49301234568").ok().ids())

	business.post("/"+id+"/request_code", "code_method", "PIGEON", "language", "en").fails(400, 100, 0)
	business.post("/"+id+"/verify_code", "code", graphsim.VerificationCode).fails(400, 136025, 136025)
	business.post("/"+id+"/request_code", "code_method", "SMS", "language", "en_US").ok()
	business.post("/"+id+"/request_code", "code_method", "SMS", "language", "en_US").fails(400, 136024, 0)
	business.post("/"+id+"/verify_code", "code", "000000").fails(400, 136025, 136025)
	business.post("/"+id+"/verify_code", "code", "123-830").ok()
	business.post("/"+id+"/request_code", "code_method", "SMS", "language", "en_US").fails(400, 136024, 0)
	require.Equal(t, "AVAILABLE_WITHOUT_REVIEW", business.get("/"+id, "fields", "name_status").ok().text("name_status"))
	business.post("/"+id+"/register", "messaging_product", "whatsapp", "pin", "123456").ok()

	require.NoError(t, c.sim.DeleteNumber(id))
	business.get("/"+id).fails(400, 100, 33)
	again := business.post(edge, "cc", "49", "phone_number", "301234567", "verified_name", "Nordlicht").ok().text("id")
	require.NoError(t, c.sim.VerifyNumber(again))
	business.post("/"+again+"/register", "messaging_product", "whatsapp", "pin", "123456").fails(400, 133015, 0)
	c.sim.Advance(6 * time.Minute)
	business.post("/"+again+"/register", "messaging_product", "whatsapp", "pin", "123456").ok()
}
