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
	"github.com/seed-8fdceacd/wagraph/internal/integration/sqltest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// tally counts how onboardings ended that were killed.
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
// like a calm one.
func matrix(t *testing.T, v crash.Variant, open func(*testing.T) database, choose func(points []string) []string) {
	t.Helper()
	calm := onboardClient(t, v, open(t))
	require.Equal(t, onboard.StateDone, calm.Record.State)
	var count tally
	t.Run("killed", func(t *testing.T) {
		for _, point := range choose(calm.Points) {
			// Without the "#", which would end the database's URI: the test's
			// directory has its name.
			t.Run(strings.ReplaceAll(point, "#", ""), func(t *testing.T) {
				t.Parallel()
				end := onboardClient(t, v, open(t), at(point))
				require.Equal(t, 1, end.kills, "%s was not reached", point)
				if !v.LosesToken(point, calm.Points) {
					require.Equal(t, calm.shape, end.shape)
					require.Equal(t, calm.Record.TokenFetched, end.Record.TokenFetched)
				} else {
					require.Equal(t, v.Lost, end.Record.State)
				}
				count.add(requireSameEnd(t, v, calm, end))
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

func TestEveryPointOnSQLite(t *testing.T) {
	matrix(t, base(t), sqlite, func(points []string) []string { return points })
}

// TestEveryStepOnPostgreSQL kills each step where its effect is there and nobody
// knows.
func TestEveryStepOnPostgreSQL(t *testing.T) {
	server := sqltest.PostgreSQL(t)
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

// TestEveryKindOfSignup kills every other kind of signup around what it writes, at
// Meta's side and in the vault.
func TestEveryKindOfSignup(t *testing.T) {
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
