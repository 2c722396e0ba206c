package graphsim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

const nameFields = "verified_name,name_status,certificate,new_display_name,new_name_status,new_certificate,status"

func TestRegister_ChecksAndEffects(t *testing.T) {
	c := start(t, graphsim.Config{})
	register := func(c client, id string, pairs ...string) answer {
		return c.post("/"+id+"/register", append([]string{"messaging_product", "whatsapp"}, pairs...)...)
	}
	su, business := c.signup(graphsim.SignupSpec{})
	id := su.PhoneNumberIDs[0]
	for _, pin := range []string{"", "12345", "1234567", "12345a"} {
		register(business, id, "pin", pin).fails(400, 100, 0)
	}
	business.post("/"+id+"/register", "pin", "123456").fails(400, 100, 0)
	business.post("/"+id+"/register", "pin", "123456", "messaging_product", "signal").fails(400, 100, 0)
	register(business, id, "pin", "123456", "data_localization_region", "DE").fails(400, 100, 0)
	register(business, id, "pin", "012345").ok()
	got := business.get("/"+id, "fields", "status,platform_type,is_pin_enabled,throughput").ok()
	require.Equal(t, []string{"CONNECTED", "CLOUD_API", "true", "STANDARD"}, []string{got.text("status"), got.text("platform_type"), got.text("is_pin_enabled"), got.text("throughput", "level")})
	register(business, id, "pin", "012345").ok()
	register(business, id, "pin", "999999").fails(400, 133005, 0)
	require.Equal(t, 3, c.sim.Registrations(id))
	business.post("/"+id, "pin", "999999").ok()
	register(business, id, "pin", "999999").ok()

	unverified, b2 := c.signup(graphsim.SignupSpec{CodeVerification: "NOT_VERIFIED"})
	register(b2, unverified.PhoneNumberIDs[0], "pin", "123456").fails(400, 133006, 0)
	coexisting, b3 := c.signup(graphsim.SignupSpec{Variant: graphsim.VariantCoexistence})
	register(b3, coexisting.PhoneNumberIDs[0], "pin", "123456").fails(400, 100, 0)
	b3.post("/"+coexisting.PhoneNumberIDs[0]+"/deregister").fails(400, 100, 0)
	require.Equal(t, "true", b3.get("/"+coexisting.PhoneNumberIDs[0], "fields", "is_on_biz_app,platform_type").ok().text("is_on_biz_app"))
	require.NoError(t, c.sim.SetReview(su.WABAIDs[0], "REJECTED", ""))
	register(business, id, "pin", "999999").fails(403, 131031, 0)
	business.delete("/"+id).fails(400, 100, 33)
}

func TestRegister_TenAttemptsIn72Hours(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	path := "/" + su.PhoneNumberIDs[0]
	for range 5 {
		business.post(path+"/register", "messaging_product", "whatsapp", "pin", "123456").ok()
		business.post(path + "/deregister").ok()
	}
	business.post(path+"/register", "messaging_product", "whatsapp", "pin", "123456").fails(400, 133016, 0)
	c.sim.Advance(71 * time.Hour)
	business.post(path+"/deregister").fails(400, 133016, 0)
	c.sim.Advance(2 * time.Hour)
	business.post(path+"/register", "messaging_product", "whatsapp", "pin", "123456").ok()
	require.Equal(t, 6, c.sim.Registrations(su.PhoneNumberIDs[0]))
}

func TestRegister_WrongPINs(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{PIN: "111111"})
	path := "/" + su.PhoneNumberIDs[0] + "/register"
	for range 5 {
		business.post(path, "messaging_product", "whatsapp", "pin", "222222").fails(400, 133005, 0)
	}
	locked := business.post(path, "messaging_product", "whatsapp", "pin", "111111").fails(400, 133008, 0)
	require.Contains(t, locked.text("error", "error_data", "details"), "seconds")
	c.sim.Advance(2 * time.Hour)
	business.post(path, "messaging_product", "whatsapp", "pin", "111111").ok()
}
