package graphsim_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestProof_PlainAndTimed(t *testing.T) {
	c := start(t, graphsim.Config{RequireProof: true})
	secret := c.world.AppSecret
	missing := c.get("/me").fails(400, 100, 0)
	require.Equal(t, "GraphMethodException", missing.text("error", "type"))
	c.get("/me", "appsecret_proof", proofOf(secret, c.token)).ok()
	c.get("/me", "appsecret_proof", proofOf("other", c.token)).fails(400, 100, 0)
	c.get("/me", "appsecret_proof", proofOf(secret, c.world.EmployeeToken)).fails(400, 100, 0)

	stamp := func(age time.Duration) []string {
		text := strconv.FormatInt(c.sim.Now().Add(-age).Unix(), 10)
		return []string{"appsecret_proof", proofOf(secret, c.token+"|"+text), "appsecret_time", text}
	}
	c.get("/me", stamp(4*time.Minute)...).ok()
	c.get("/me", stamp(6*time.Minute)...).fails(400, 100, 0)
	c.as(c.world.AppToken).get("/" + c.world.AppID).ok()

	lax := start(t, graphsim.Config{})
	lax.get("/me").ok()
	lax.get("/me", "appsecret_proof", "0000").fails(400, 100, 0)
}

func TestToken_HeaderAndParameter(t *testing.T) {
	c := start(t, graphsim.Config{})
	for _, scheme := range []string{"Bearer ", "bearer ", "OAuth "} {
		c.as("").send("GET", "/v25.0/me", map[string][]string{"Authorization": {scheme + c.token}}, "").ok()
	}
	c.as("").get("/me", "access_token", c.token).ok()
	c.as("").post("/"+c.world.AdminID, "access_token", c.token, "name", "relay-admin-2").ok()
	a := c.as("EAAunknown").get("/me").fails(401, 190, 0)
	require.Contains(t, a.header.Get("Www-Authenticate"), `OAuth "Facebook Platform" "invalid_token"`)
	c.as("1|2").get("/me").fails(401, 190, 0)
}
