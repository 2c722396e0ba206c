package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestSettings_OneFeatureInEachCall(t *testing.T) {
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
}
