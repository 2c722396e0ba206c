package graphsim_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestProfile_WriteAndCheck(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	path := "/" + su.PhoneNumberIDs[0]
	business.post(path+"/whatsapp_business_profile", "messaging_product", "whatsapp", "about", "Reisen", "websites", `["https://a.example/"]`, "vertical", "TRAVEL").ok()
	business.post(path+"/whatsapp_business_profile", "messaging_product", "whatsapp", "email", "hallo@a.example").ok()
	profile := business.get(path+"/whatsapp_business_profile", "fields", "about,websites,vertical,email,address").ok()
	require.Equal(t, map[string]any{"about": "Reisen", "websites": []any{"https://a.example/"}, "vertical": "TRAVEL", "email": "hallo@a.example"}, profile.at("data", "0"))
	for _, pairs := range [][]string{{"about", strings.Repeat("x", 140)}, {"email", "no"}, {"vertical", "SPACE"}, {"websites", `["ftp://x"]`}, {"websites", `["https://a","https://b","https://c"]`}} {
		business.post(path+"/whatsapp_business_profile", append(pairs, "messaging_product", "whatsapp")...).fails(400, 100, 0)
	}
	business.post(path+"/whatsapp_business_profile", "about", "x").fails(400, 100, 0)
}
