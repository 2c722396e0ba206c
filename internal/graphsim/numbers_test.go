package graphsim_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/stretchr/testify/require"
)

const nameFields = "verified_name,name_status,certificate,new_display_name,new_name_status,new_certificate,status"

func TestCertificates(t *testing.T) {
	c := start(t, graphsim.Config{})
	a := c.get("/"+c.world.CertifiedNumberID, "fields", nameFields).ok()
	raw, err := base64.StdEncoding.DecodeString(a.text("certificate"))
	require.NoError(t, err)
	require.Contains(t, string(raw), a.text("verified_name"))
	require.Equal(t, byte(1<<3|2), raw[0], "field 1, a message")
	require.Equal(t, a.text("certificate"), c.get("/"+c.world.CertifiedNumberID, "fields", "certificate").ok().text("certificate"), "stable")
	require.Empty(t, a.text("new_certificate"))

	business, err := c.sim.BusinessToken(c.world.SharedBusinessID)
	require.NoError(t, err)
	require.Empty(t, c.as(business).get("/"+c.world.CertifiedNumberID, "fields", nameFields).ok().text("certificate"), "not for the owner")
	lax := start(t, graphsim.Config{BusinessTokenCertificates: true})
	business, err = lax.sim.BusinessToken(lax.world.SharedBusinessID)
	require.NoError(t, err)
	require.NotEmpty(t, lax.as(business).get("/"+lax.world.CertifiedNumberID, "fields", nameFields).ok().text("certificate"))
}

func TestRename(t *testing.T) {
	c := start(t, graphsim.Config{})
	id := c.world.CertifiedNumberID
	read := func() answer { return c.get("/"+id, "fields", nameFields).ok() }
	before := read()
	c.post("/"+id, "new_display_name", "Nordwind Touristik").ok()
	require.Equal(t, "PENDING_REVIEW", read().text("new_name_status"))
	require.NoError(t, c.sim.DeclineName(id))
	require.Equal(t, "DECLINED", read().text("new_name_status"))
	require.Empty(t, read().text("new_certificate"))
	c.post("/"+id, "new_display_name", "Nordwind Touristik").ok()
	require.NoError(t, c.sim.ApproveName(id))
	approved := read()
	require.Equal(t, before.text("certificate"), approved.text("certificate"))
	require.NotEmpty(t, approved.text("new_certificate"))
	require.Equal(t, before.text("verified_name"), approved.text("verified_name"))

	c.post("/"+id+"/register", "messaging_product", "whatsapp", "pin", graphsim.SeedPIN).ok()
	after := read()
	require.Equal(t, approved.text("new_certificate"), after.text("certificate"))
	require.Equal(t, "Nordwind Touristik", after.text("verified_name"))
	require.Empty(t, after.text("new_certificate"))
	require.Empty(t, after.text("new_name_status"))
	for range 8 {
		c.post("/"+id, "new_display_name", "Again").ok()
	}
	c.post("/"+id, "new_display_name", "Again").fails(400, 100, 0)
	c.sim.Advance(31 * 24 * time.Hour)
	c.post("/"+id, "new_display_name", "Again").ok()

	require.NotEmpty(t, c.get("/"+c.world.RenamedNumberID, "fields", nameFields).ok().text("new_certificate"))
}

func TestNameStatusGatesTheCertificate(t *testing.T) {
	c := start(t, graphsim.Config{})
	for status, served := range map[string]bool{"APPROVED": true, "AVAILABLE_WITHOUT_REVIEW": true, "PENDING_REVIEW": false, "DECLINED": false, "EXPIRED": false, "NONE": false} {
		su, _ := c.signup(graphsim.SignupSpec{NameStatus: status})
		got := c.get("/"+su.PhoneNumberIDs[0], "fields", nameFields).ok()
		require.Equal(t, status, got.text("name_status"))
		require.Equal(t, served, got.text("certificate") != "", status)
	}
	su, _ := c.signup(graphsim.SignupSpec{CodeVerification: "NOT_VERIFIED"})
	require.Empty(t, c.get("/"+su.PhoneNumberIDs[0], "fields", nameFields).ok().text("certificate"))
}

func TestRegister(t *testing.T) {
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

func TestRegistrationBudget(t *testing.T) {
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

func TestPINGuesses(t *testing.T) {
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

func TestAddAndVerify(t *testing.T) {
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

func TestNumberLists(t *testing.T) {
	c := start(t, graphsim.Config{})
	waba := c.world.OwnedWABAs[0]
	require.Len(t, c.get("/"+waba+"/phone_numbers", "filtering", `[{"field":"account_mode","operator":"EQUAL","value":"SANDBOX"}]`).ok().ids(), 1)
	require.Empty(t, c.get("/"+waba+"/phone_numbers", "filtering", `[{"field":"account_mode","operator":"EQUAL","value":"LIVE"}]`).ok().ids())
	c.get("/"+waba+"/phone_numbers", "filtering", `[{"field":"account_mode","operator":"EQUAL","value":"MOON"}]`).fails(400, 100, 0)
	two := c.world.ClientWABAs[0]
	down := c.get("/" + two + "/phone_numbers").ok().ids()
	require.Equal(t, reversed(down), c.get("/"+two+"/phone_numbers", "sort", "['last_onboarded_time_ascending']").ok().ids())
	require.Equal(t, down, c.get("/"+two+"/phone_numbers", "sort", `["last_onboarded_time_descending"]`).ok().ids())
	c.get("/"+two+"/phone_numbers", "sort", "name").fails(400, 100, 0)
	first := c.get("/"+two+"/phone_numbers").ok().at("data", "0").(map[string]any)
	for _, field := range []string{"verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type", "throughput", "last_onboarded_time", "id"} {
		require.Contains(t, first, field)
	}
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$`, first["last_onboarded_time"])
}

func TestMigration(t *testing.T) {
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

func TestSettingsAndProfile(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	path := "/" + su.PhoneNumberIDs[0]
	json := map[string][]string{"Content-Type": {"application/json"}}
	require.Equal(t, "DEFAULT", business.get(path+"/settings").ok().text("storage_configuration", "status"))
	business.send("POST", "/v25.0"+path+"/settings", json, `{"storage_configuration":{"status":"IN_COUNTRY_STORAGE_ENABLED","data_localization_region":"DE"}}`).ok()
	got := business.get(path+"/settings", "fields", "storage_configuration").ok()
	require.Equal(t, "DE", got.text("storage_configuration", "data_localization_region"))
	require.Nil(t, got.at("calling"))
	business.get(path+"/settings", "fields", "nope").fails(400, 100, 0)
	business.send("POST", "/v25.0"+path+"/settings", map[string][]string{"Content-Type": {"application/json"}}, `{"calling":{},"payload_encryption":{}}`).fails(400, 100, 0)
	business.post(path+"/register", "messaging_product", "whatsapp", "pin", "123456").ok()
	business.post(path+"/settings", "storage_configuration", `{"status":"DEFAULT"}`).fails(400, 100, 0)

	business.post(path+"/whatsapp_business_profile", "messaging_product", "whatsapp", "about", "Reisen", "websites", `["https://a.example/"]`, "vertical", "TRAVEL").ok()
	business.post(path+"/whatsapp_business_profile", "messaging_product", "whatsapp", "email", "hallo@a.example").ok()
	profile := business.get(path+"/whatsapp_business_profile", "fields", "about,websites,vertical,email,address").ok()
	require.Equal(t, map[string]any{"about": "Reisen", "websites": []any{"https://a.example/"}, "vertical": "TRAVEL", "email": "hallo@a.example"}, profile.at("data", "0"))
	for _, pairs := range [][]string{{"about", strings.Repeat("x", 140)}, {"email", "no"}, {"vertical", "SPACE"}, {"websites", `["ftp://x"]`}, {"websites", `["https://a","https://b","https://c"]`}} {
		business.post(path+"/whatsapp_business_profile", append(pairs, "messaging_product", "whatsapp")...).fails(400, 100, 0)
	}
	business.post(path+"/whatsapp_business_profile", "about", "x").fails(400, 100, 0)

	business.post(path, "webhook_configuration", `{"override_callback_uri":"https://p.example/","verify_token":"v"}`).ok()
	require.Equal(t, "https://p.example/", business.get(path, "fields", "webhook_configuration").ok().text("webhook_configuration", "phone_number"))
	business.post(path, "webhook_configuration", `{"override_callback_uri":""}`).ok()
	require.Nil(t, business.get(path, "fields", "webhook_configuration").ok().at("webhook_configuration"))
	business.post(path, "nothing", "1").fails(400, 100, 0)
}

func TestCoexistenceSync(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{Variant: graphsim.VariantCoexistence})
	sync := func(kind string) answer {
		return business.post("/"+su.PhoneNumberIDs[0]+"/smb_app_data", "messaging_product", "whatsapp", "sync_type", kind)
	}
	require.NotEmpty(t, sync("smb_app_state_sync").ok().text("request_id"))
	sync("smb_app_state_sync").fails(400, 2593107, 0)
	c.sim.Advance(25 * time.Hour)
	sync("history").fails(400, 2593108, 0)
	cloud, b2 := c.signup(graphsim.SignupSpec{})
	b2.post("/"+cloud.PhoneNumberIDs[0]+"/smb_app_data", "messaging_product", "whatsapp", "sync_type", "history").fails(400, 100, 0)
}

func TestPreVerified(t *testing.T) {
	c := start(t, graphsim.Config{})
	b := "/" + c.world.BusinessID
	require.Equal(t, []string{c.world.PreVerifiedNumberID}, c.get(b+"/preverified_numbers", "code_verification_status", "VERIFIED").ok().ids())
	id := c.post(b+"/add_phone_numbers", "phone_number", "+44 20 5550 1234").ok().text("id")
	c.post(b+"/add_phone_numbers", "phone_number", "442055501234").fails(400, 200000, 0)
	c.post("/"+id+"/request_code", "code_method", "IVR", "language", "en").ok()
	c.post("/"+id+"/verify_code", "code", graphsim.VerificationCode).ok()
	got := c.get("/"+id, "fields", "phone_number,code_verification_status,verification_expiry_time,owner_business").ok()
	require.Equal(t, "VERIFIED", got.text("code_verification_status"))
	require.NotEmpty(t, got.text("verification_expiry_time"))
	c.post("/"+id+"/request_code", "code_method", "SMS", "language", "en").fails(400, 136024, 0)
	c.post(b+"/share_preverified_numbers", "partner_business_id", c.world.SharedBusinessID, "preverified_id", id).ok()
	require.Equal(t, []string{c.world.SharedBusinessID}, c.get("/"+id+"/partners").ok().ids())
	c.delete(b+"/share_preverified_numbers", "partner_business_id", c.world.SharedBusinessID, "preverified_id", id).ok()
	require.Empty(t, c.get("/"+id+"/partners").ok().ids())

	su, _ := c.signup(graphsim.SignupSpec{Variant: graphsim.VariantPreVerified, PreVerifiedID: id})
	require.NotEqual(t, id, su.PhoneNumberIDs[0], "a claimed number has an id of its own")
	require.Equal(t, su.PhoneNumberIDs, c.get("/"+su.WABAIDs[0]+"/phone_numbers", "display_phone_number", "442055501234").ok().ids())
	require.Equal(t, []string{c.world.PreVerifiedNumberID}, c.get(b+"/preverified_numbers").ok().ids())
	c.sim.Advance(90 * 24 * time.Hour)
	require.Equal(t, "EXPIRED", c.get("/"+c.world.PreVerifiedNumberID).ok().text("code_verification_status"))
	c.delete("/" + c.world.PreVerifiedNumberID).ok()
	c.get("/"+c.world.PreVerifiedNumberID).fails(400, 100, 33)
}
