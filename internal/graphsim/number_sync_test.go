package graphsim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestSync_OnceADayForCoexistence(t *testing.T) {
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
