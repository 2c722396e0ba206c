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

func TestRegister_NothingPays(t *testing.T) {
	c := start(t, graphsim.Config{RequirePayment: true})
	su, business := c.signup(graphsim.SignupSpec{WABAs: 2})
	register := func(c client, number string) answer {
		return c.post("/"+number+"/register", "messaging_product", "whatsapp", "pin", "123456")
	}
	refused := register(business, su.PhoneNumberIDs[0]).fails(400, 100, 2388103)
	require.Equal(t, "Cannot Migrate Phone Number", refused.text("error", "error_user_title"))
	require.Equal(t, "Invalid parameter", refused.text("error", "message"))
	require.Equal(t, 1, c.sim.Registrations(su.PhoneNumberIDs[0]), "the attempt is spent")
	require.Equal(t, "PENDING", business.get("/"+su.PhoneNumberIDs[0], "fields", "status").ok().text("status"))

	c.share(su.WABAIDs[0], "USD").ok()
	register(business, su.PhoneNumberIDs[0]).ok()
	register(business, su.PhoneNumberIDs[1]).fails(400, 100, 2388103)
	require.NoError(t, c.sim.AddPayment(su.WABAIDs[1]))
	register(business, su.PhoneNumberIDs[1]).ok()
	funding, _ := c.sim.Funding(su.WABAIDs[1])
	require.NotEmpty(t, funding)

	// What pays already stays.
	paid, _ := c.sim.Funding(su.WABAIDs[0])
	require.NoError(t, c.sim.AddPayment(su.WABAIDs[0]))
	still, _ := c.sim.Funding(su.WABAIDs[0])
	require.Equal(t, paid, still)

	own := c.get("/" + c.world.OwnedWABAs[0] + "/phone_numbers").ok().ids()[0]
	c.post("/"+own+"/register", "messaging_product", "whatsapp", "pin", graphsim.SeedPIN).ok()

	lax := start(t, graphsim.Config{})
	free, token := lax.signup(graphsim.SignupSpec{})
	register(token, free.PhoneNumberIDs[0]).ok()
}

func TestRegister_NameIsBeingProcessed(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{Numbers: 2})
	register := func(id string) answer {
		return business.post("/"+id+"/register", "messaging_product", "whatsapp", "pin", "123456")
	}
	busy, ready := su.PhoneNumberIDs[0], su.PhoneNumberIDs[1]
	require.NoError(t, c.sim.DelayName(busy, 2))
	for range 2 {
		refused := register(busy).fails(400, 100, 2388001)
		require.Equal(t, "Cannot Create Certificate", refused.text("error", "error_user_title"))
		register(ready).ok()
	}
	register(busy).ok()
	require.Equal(t, 3, c.sim.Registrations(busy), "the refused ones are spent")
	require.NoError(t, c.sim.DelayName(busy, 5))
	require.NoError(t, c.sim.DelayName(busy, 0))
	register(busy).ok()
	require.Error(t, c.sim.DelayName(busy, -1))
	require.Error(t, c.sim.DelayName("1", 1))
	require.Error(t, c.sim.AddPayment("1"))
}
