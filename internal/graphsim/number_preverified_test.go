package graphsim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestPreVerified_FromAddingToClaiming(t *testing.T) {
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
	require.NotEqual(t, id, su.PhoneNumberIDs[0], "the business number has another id")
	require.Equal(t, su.PhoneNumberIDs, c.get("/"+su.WABAIDs[0]+"/phone_numbers", "display_phone_number", "442055501234").ok().ids())
	require.Equal(t, []string{c.world.PreVerifiedNumberID}, c.get(b+"/preverified_numbers").ok().ids())
	c.sim.Advance(90 * 24 * time.Hour)
	require.Equal(t, "EXPIRED", c.get("/"+c.world.PreVerifiedNumberID).ok().text("code_verification_status"))
	c.delete("/" + c.world.PreVerifiedNumberID).ok()
	c.get("/"+c.world.PreVerifiedNumberID).fails(400, 100, 33)
}

func TestAddPreVerified_OnlyOnceAndByThePartner(t *testing.T) {
	c := start(t, graphsim.Config{})
	pv := c.world.PreVerifiedNumberID
	su, business := c.signup(graphsim.SignupSpec{Variant: graphsim.VariantOnlyWABA})
	business.post("/"+su.WABAIDs[0]+"/phone_numbers", "preverified_id", pv).fails(400, 100, 0)
	id := c.post("/"+su.WABAIDs[0]+"/phone_numbers", "preverified_id", pv, "verified_name", "Ready").ok().text("id")
	got := c.get("/"+id, "fields", "is_preverified_number,code_verification_status,verified_name").ok()
	require.Equal(t, []string{"true", "VERIFIED", "Ready"}, []string{got.text("is_preverified_number"), got.text("code_verification_status"), got.text("verified_name")})
	c.post("/"+su.WABAIDs[0]+"/phone_numbers", "preverified_id", pv).fails(400, 100, 0)
}
