package graphsim_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestUsage_QuotaOfAnAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, graphsim.Config{Quota: true})
		su, business := c.signup(graphsim.SignupSpec{})
		waba, number := su.WABAIDs[0], su.PhoneNumberIDs[0]
		for i := range 200 {
			switch i % 4 {
			case 0:
				business.get("/" + waba).ok()
			case 1:
				business.get("/" + waba + "/phone_numbers").ok()
			case 2:
				business.get("/" + number).ok()
			case 3:
				business.batch(`[{"method":"GET","relative_url":"` + waba + `"}]`).ok().inner(0).ok()
			}
			time.Sleep(time.Second)
		}
		a := business.get("/"+waba).fails(400, 80008, 0)
		usage := map[string][]map[string]any{}
		require.NoError(t, json.Unmarshal([]byte(a.header.Get("X-Business-Use-Case-Usage")), &usage))
		minutes := usage[waba][0]["estimated_time_to_regain_access"].(float64)
		require.InDelta(t, 57, minutes, 2)
		business.get("/"+number).fails(400, 80008, 0)
		c.get("/"+waba+"/assigned_users", "business", c.world.BusinessID).fails(400, 80008, 0)
		c.get("/" + c.world.ClientWABAs[0]).ok()
		business.get("/" + su.BusinessID).ok()

		time.Sleep(time.Hour)
		business.get("/" + waba).ok()
		business.post("/"+number+"/register", "messaging_product", "whatsapp", "pin", "123456").ok()
		for range 400 {
			business.get("/" + waba).ok()
		}
		require.Contains(t, business.get("/"+waba).ok().header.Get("X-Business-Use-Case-Usage"), `"call_count":8,`)
	})
}
