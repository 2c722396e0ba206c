package graphsim_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestCertificate_OnlyForThePartner(t *testing.T) {
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
	require.Empty(t, c.as(business).get("/"+c.world.CertifiedNumberID, "fields", nameFields).ok().text("certificate"), "the owner gets no certificate")
	lax := start(t, graphsim.Config{BusinessTokenCertificates: true})
	business, err = lax.sim.BusinessToken(lax.world.SharedBusinessID)
	require.NoError(t, err)
	require.NotEmpty(t, lax.as(business).get("/"+lax.world.CertifiedNumberID, "fields", nameFields).ok().text("certificate"))
}

func TestCertificate_DependsOnNameStatus(t *testing.T) {
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
