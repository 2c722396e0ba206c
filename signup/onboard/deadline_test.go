package onboard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// Deadlines are written when the assets are confirmed, and removed when they are met.
func TestRecord_Deadlines(t *testing.T) {
	type deadlines map[onboard.DeadlineName]time.Duration
	for name, tt := range map[string]struct {
		spec    graphtest.SignupOptions
		variant signup.Variant
		before  deadlines // at the approval
		after   deadlines // once done
	}{
		"cloud": {before: deadlines{onboard.DeadlineRegister: 14 * 24 * time.Hour}},
		"pre-verified": {
			spec: graphtest.SignupOptions{Variant: graphtest.PreVerified}, variant: signup.VariantPreVerified,
			before: deadlines{onboard.DeadlineRegister: 90 * 24 * time.Hour},
		},
		"coexistence": {
			spec: graphtest.SignupOptions{Variant: graphtest.Coexistence}, variant: signup.VariantCoexistence,
			before: deadlines{onboard.DeadlineHistory: 24 * time.Hour}, after: deadlines{onboard.DeadlineHistory: 24 * time.Hour},
		},
		"a token that expires": {
			spec:   graphtest.SignupOptions{TokenLifetime: 60 * 24 * time.Hour},
			before: deadlines{onboard.DeadlineToken: 60 * 24 * time.Hour, onboard.DeadlineRegister: 14 * 24 * time.Hour},
			after:  deadlines{onboard.DeadlineToken: 60 * 24 * time.Hour},
		},
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				noted := func(record onboard.Record) deadlines {
					var out deadlines
					for _, d := range record.Deadlines {
						if out == nil {
							out = deadlines{}
						}
						out[d.What] = d.At.Sub(record.Created).Round(time.Minute)
					}
					return out
				}
				flow := b.flow(t)
				_, start := b.client(t, tt.spec)
				start.Variant = tt.variant
				record := begin(t, flow, start)
				for record.Step(onboard.StepCheck, "") == nil {
					next, err := flow.Advance(t.Context(), record.ID)
					require.NoError(t, err)
					record = next
				}
				require.Equal(t, tt.before, noted(record))
				record = runToEnd(t, flow, record)
				require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
				require.Equal(t, tt.after, noted(record))
			})
		})
	}
}
