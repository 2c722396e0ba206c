package graphsim_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestClock_FollowsTheBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, graphsim.Config{})
		su, err := c.sim.Signup(graphsim.SignupSpec{})
		require.NoError(t, err)
		time.Sleep(31 * time.Second)
		c.as("").post("/oauth/access_token", "client_id", c.world.AppID, "client_secret", c.world.AppSecret, "code", su.Code).fails(400, 100, 36007)
		require.Equal(t, time.Now(), c.sim.Now())
		c.sim.Advance(time.Hour)
		require.Equal(t, time.Now().Add(time.Hour), c.sim.Now())
	})
}
