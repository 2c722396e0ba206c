package filebudget_test

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graph/pacing/filebudget"
)

// quotaServer answers at most 200 calls on one account in any ten seconds. Like
// Meta, it counts the calls that it refuses.
type quotaServer struct {
	mu        sync.Mutex
	arrived   []time.Time // within the window
	answered  int
	throttled int
	most      int // in any window
}

func (s *quotaServer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	const limit = 200
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for len(s.arrived) > 0 && now.Sub(s.arrived[0]) >= scaled {
		s.arrived = s.arrived[1:]
	}
	s.arrived = append(s.arrived, now)
	s.most = max(s.most, len(s.arrived))
	w.Header().Set("X-Business-Use-Case-Usage", fmt.Sprintf(
		`{"1":[{"type":"whatsapp_business_management","call_count":%d,"total_cputime":0,"total_time":0,"estimated_time_to_regain_access":0}]}`,
		min(100*len(s.arrived)/limit, 100)))
	w.Header().Set("Content-Type", "application/json")
	if len(s.arrived) > limit {
		s.throttled++
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"message":"(#80008) There have been too many calls","type":"OAuthException","code":80008}}`)
		return
	}
	s.answered++
	_, _ = io.WriteString(w, `{"id":"1"}`)
}

// TestBudget_FourProcesses has four processes make ninety calls each, with a quota
// of 200 in ten seconds that they share through a directory. Then four processes
// do the same without a Pacer.
func TestBudget_FourProcesses(t *testing.T) {
	for _, task := range []string{"pace", "rush"} {
		t.Run(task, func(t *testing.T) {
			server := &quotaServer{}
			listening := httptest.NewServer(server)
			defer listening.Close()
			dir := t.TempDir()
			var four []*process
			for range 4 {
				four = append(four, startProcess(t, task, dir, listening.URL))
			}
			for _, p := range four {
				require.NoError(t, p.Wait(), p.stderr.String())
			}
			t.Logf("%s: %d answered, %d throttled, at most %d in any ten seconds", task, server.answered, server.throttled, server.most)
			require.Equal(t, 360, server.answered+server.throttled)
			if task == "rush" {
				require.Positive(t, server.throttled)
				return
			}
			require.Zero(t, server.throttled)
			require.LessOrEqual(t, server.most, 200)
			require.GreaterOrEqual(t, server.most, 190)
		})
	}
}

// TestBudget_ProcessesLoseNoCount has four processes count at the same time, on the
// same three accounts.
func TestBudget_ProcessesLoseNoCount(t *testing.T) {
	dir := t.TempDir()
	var four []*process
	for range 4 {
		four = append(four, startProcess(t, "count", dir, ""))
	}
	for _, p := range four {
		require.Equal(t, 300, p.lines(1000))
		require.NoError(t, p.Wait(), p.stderr.String())
	}
	require.Equal(t, []int{400, 400, 400}, counts(t, dir))
}

// TestBudget_KilledProcesses kills twelve processes while they count. Every call
// that a process said it had let go is counted.
func TestBudget_KilledProcesses(t *testing.T) {
	dir := t.TempDir()
	said := 0
	for i := range 12 {
		p := startProcess(t, "endless", dir, "")
		said += p.lines(20 + 7*i)
		require.NoError(t, p.Process.Kill())
		said += p.lines(math.MaxInt) // what it printed before it was killed
		require.Error(t, p.Wait())
	}
	sum := 0
	for _, n := range counts(t, dir) {
		sum += n
	}
	t.Logf("the processes said that %d calls went, %d are counted", said, sum)
	require.GreaterOrEqual(t, sum, said)
	require.LessOrEqual(t, sum, said+12, "at most one call more for each process")
}

// counts returns how often each of the three accounts was called.
func counts(t *testing.T, dir string) []int {
	t.Helper()
	budget, err := filebudget.Open(dir)
	require.NoError(t, err)
	pacer := pacing.New(pacing.Config{Budget: budget})
	var all []int
	for _, asset := range []string{"1", "2", "3"} {
		usage, err := pacer.Usage(t.Context(), asset)
		require.NoError(t, err)
		all = append(all, usage.Sent)
	}
	return all
}
