package onboard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// Some WABAs need the system user before Meta bills them.
func TestShare_WaitsForTheAssignment(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Control("POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach", func(graphtest.Call) *graphtest.Fault {
			if _, assigned := b.server.Assigned(done.WABAs[0])[b.world.Employee.ID]; assigned {
				return nil
			}
			return &graphtest.Fault{Code: 200, Message: "The system user does not have permission"}
		})
		b.server.Delay("POST /{waba-id}/assigned_users", time.Second)
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, onboard.StepAssign, record.Step(onboard.StepShare, string(done.WABAs[0])).Needs)
		b.requireLive(t, done)
	})
}
