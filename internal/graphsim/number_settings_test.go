package graphsim_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

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
