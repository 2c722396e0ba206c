package killtest

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/crash"
	"github.com/seed-8fdceacd/wagraph/internal/integration/stores"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// tally counts the ends of onboardings whose processes were killed.
type tally struct {
	mu   sync.Mutex
	ends map[string]int
}

func (c *tally) add(end string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ends == nil {
		c.ends = map[string]int{}
	}
	c.ends[end]++
}

func (c *tally) log(t *testing.T, where string) {
	t.Helper()
	kills := 0
	for n := range maps.Values(c.ends) {
		kills += n
	}
	t.Logf("%s: killed %d times: %v", where, kills, c.ends)
	require.NotZero(t, kills)
}

// matrix kills an onboarding once at each of the points, and asserts that it ends
// like one that is not killed.
func matrix(t *testing.T, v crash.Variant, open func(*testing.T) database, choose func(points []string) []string) {
	t.Helper()
	whole := onboardClient(t, v, open(t))
	require.Equal(t, onboard.StateDone, whole.Record.State)
	var count tally
	t.Run("killed", func(t *testing.T) {
		for _, point := range choose(whole.Points) {
			// Without the "#", because the test's directory has the test's name, and a
			// "#" would end the database's URI.
			t.Run(strings.ReplaceAll(point, "#", ""), func(t *testing.T) {
				t.Parallel()
				end := onboardClient(t, v, open(t), at(point))
				require.Equal(t, 1, end.kills, "%s was not reached", point)
				if !v.LosesToken(point, whole.Points) {
					require.Equal(t, whole.shape, end.shape)
					require.Equal(t, whole.Record.TokenFetched, end.Record.TokenFetched)
				} else {
					require.Equal(t, v.LostState(point, whole.Points), end.Record.State)
				}
				count.add(requireSameEnd(t, v, whole, end))
			})
		}
	})
	count.log(t, v.Name)
}

func base(t *testing.T) crash.Variant {
	t.Helper()
	v, err := crash.Find("cloud")
	require.NoError(t, err)
	return v
}

func TestKillMatrix_EveryPointWithSQLite(t *testing.T) {
	matrix(t, base(t), sqlite, func(points []string) []string { return points })
}

// TestKillMatrix_EveryStepWithPostgreSQL kills each step after it took effect and
// before the process has read the answer.
func TestKillMatrix_EveryStepWithPostgreSQL(t *testing.T) {
	server := stores.PostgreSQL(t)
	matrix(t, base(t), func(t *testing.T) database { return postgres(t, server) }, func(points []string) []string {
		var chosen []string
		for _, step := range []struct {
			name  onboard.StepName
			point string
		}{
			{onboard.StepToken, `^POST \S+/oauth/access_token #1 lost$`},
			{onboard.StepInspect, `^GET \S+/debug_token #1 lost$`},
			{onboard.StepConfirm, `^GET \S+/phone_numbers #1 lost$`},
			{onboard.StepApprove, `^update #4 after$`},
			{onboard.StepSubscribe, `^POST \S+/subscribed_apps #1 lost$`},
			{onboard.StepCallback, `^POST \S+/subscribed_apps #2 lost$`},
			{onboard.StepAssign, `^POST \S+/assigned_users #1 lost$`},
			{onboard.StepShare, `^POST \S+/whatsapp_credit_sharing_and_attach #1 lost$`},
			{onboard.StepRegister, `^POST \S+/register #1 lost$`},
			{onboard.StepCheck, `^GET \S+/phone_numbers #2 lost$`},
		} {
			i := slices.IndexFunc(points, regexp.MustCompile(step.point).MatchString)
			require.GreaterOrEqual(t, i, 0, "%s: no %s in %v", step.name, step.point, points)
			chosen = append(chosen, points[i])
		}
		return chosen
	})
}

// TestKillMatrix_EveryKindOfSignup kills every other kind of signup around its writes
// to Meta, to the store and to the vault.
func TestKillMatrix_EveryKindOfSignup(t *testing.T) {
	for _, v := range crash.Variants()[1:] {
		t.Run(v.Name, func(t *testing.T) {
			matrix(t, v, sqlite, func(points []string) []string {
				return slices.DeleteFunc(slices.Clone(points), func(point string) bool {
					lost := strings.HasPrefix(point, "POST ") && strings.HasSuffix(point, " lost")
					return !lost && !strings.HasPrefix(point, "put ") && !strings.HasPrefix(point, "insert ")
				})
			})
		})
	}
}
