package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestChanges_MoveTheWorld(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	waba, id := su.WABAIDs[0], su.PhoneNumberIDs[0]
	health := func() answer { return c.get("/"+id, "fields", "health_status,status,unified_cert_status").ok() }
	require.Equal(t, "BLOCKED", health().text("health_status", "can_send_message"))
	business.post("/"+id+"/register", "messaging_product", "whatsapp", "pin", "123456").ok()
	c.share(waba, "USD").ok()
	require.Equal(t, "LIMITED", health().text("health_status", "can_send_message"), "the business is not verified")
	require.NoError(t, c.sim.SetVerification(su.BusinessID, "verified"))
	require.Equal(t, "AVAILABLE", health().text("health_status", "can_send_message"))
	for status, unified := range map[string]string{"PENDING_REVIEW": "NAME_PENDING_REVIEW", "DECLINED": "NAME_NOT_APPROVED", "NONE": "ACCOUNT_REVIEW_NOT_STARTED", "APPROVED": "APPROVED"} {
		require.NoError(t, c.sim.SetNameStatus(id, status))
		require.Equal(t, unified, health().text("unified_cert_status"))
	}
	require.NoError(t, c.sim.SetNameStatus(id, "APPROVED")) // the loop over a map can end with any status
	require.NoError(t, c.sim.DisconnectNumber(id))
	require.Equal(t, "DISCONNECTED", health().text("status"))
	require.NoError(t, c.sim.ExpireVerification(id))
	business.post("/"+id+"/register", "messaging_product", "whatsapp", "pin", "123456").fails(400, 133006, 0)
	require.NoError(t, c.sim.VerifyNumber(id))
	business.post("/"+id+"/register", "messaging_product", "whatsapp", "pin", "123456").ok()
	business.post("/" + id + "/deregister").ok()
	business.post("/"+id+"/deregister").fails(400, 100, 2207051)
	require.Equal(t, 2, c.sim.Deregistrations(id))
	require.NoError(t, c.sim.RequestRename(id, "Another"))
	n, ok := c.sim.Number(id)
	require.True(t, ok)
	require.Equal(t, graphsim.Number{ID: id, WABAID: waba, Status: "DISCONNECTED", VerifiedName: n.VerifiedName, NameStatus: "APPROVED", NewName: "Another",
		NewNameStatus: "PENDING_REVIEW", CodeVerification: "VERIFIED", PINSet: true}, n)

	second := must(c.sim.AddNumber(waba))
	require.Equal(t, []string{second, id}, business.get("/"+waba+"/phone_numbers").ok().ids())
	another := must(c.sim.AddWABA(su.BusinessID, "Second account"))
	require.Equal(t, another, c.get("/" + c.world.BusinessID + "/client_whatsapp_business_accounts").ok().ids()[0])
	require.NoError(t, c.sim.DeleteWABA(waba))
	c.get("/"+waba).fails(400, 100, 33)
	c.get("/"+second).fails(400, 100, 33)
	_, ok = c.sim.Number(second)
	require.False(t, ok)

	for name, err := range map[string]error{
		"number": c.sim.ApproveName("1"), "waba": c.sim.Unshare("1"), "business": c.sim.SetVerification("1", "verified"), "token": c.sim.RevokeToken("x", 0),
		"user": c.sim.SetFinance("1", "Editor"), "template": c.sim.ReviewTemplate("1", "APPROVED"), "partner": justError(c.sim.BusinessToken(c.world.BusinessID)),
		"account": justError(c.sim.AddWABA("1", "x")), "app": c.sim.DisconnectApp("1"), "gone": justError(c.sim.AddNumber(waba)),
		"signup waba": justError(c.sim.Signup(graphsim.SignupSpec{BusinessID: su.BusinessID, WABAID: c.world.ClientWABAs[0]})),
		"no number":   justError(c.sim.Signup(graphsim.SignupSpec{Variant: graphsim.VariantPreVerified, PreVerifiedID: "1"})),
	} {
		require.ErrorContains(t, err, "graphsim: ", name)
	}
	require.Empty(t, c.sim.Subscriptions("1"))
	require.Zero(t, c.sim.Exchanges("none"))
	funding, _ := c.sim.Funding("1")
	require.Empty(t, funding)
}
