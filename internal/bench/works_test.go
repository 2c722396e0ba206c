package bench_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/bench"
)

// start starts a service for a test.
func start(t *testing.T, size bench.Size) (*bench.Service, *bench.Replay) {
	t.Helper()
	service, replay, err := bench.Start(t.Context(), size)
	require.NoError(t, err)
	t.Cleanup(replay.Close)
	return service, replay
}

// memory measures both sides of a pair in turns.
func memory(t *testing.T, rounds, runs int, pair bench.Pair, err error) (sdk, raw bench.Cost) {
	t.Helper()
	require.NoError(t, err)
	sdk, raw, err = bench.Interleave(t.Context(), rounds, runs, pair)
	require.NoError(t, err)
	t.Logf("wagraph: %.1f allocations, %.0f bytes; raw: %.1f allocations, %.0f bytes; %.3fx, %.3fx",
		sdk.Allocs, sdk.Bytes, raw.Allocs, raw.Bytes, sdk.Allocs/raw.Allocs, sdk.Bytes/raw.Bytes)
	return sdk, raw
}

// allocations measures both sides of a pair as the testing package does.
func allocations(t *testing.T, runs int, pair bench.Pair) (sdk, raw float64) {
	t.Helper()
	measure := func(work bench.Work) float64 {
		return testing.AllocsPerRun(runs, func() {
			if err := work(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	return measure(pair.SDK), measure(pair.Raw)
}

// requireAtMost asserts the limit of a figure, unless the race detector changes it.
func requireAtMost(t *testing.T, limit, sdk, raw float64) {
	t.Helper()
	require.Positive(t, raw)
	if !bench.RaceDetector {
		require.LessOrEqual(t, sdk, limit*raw)
	}
}

func TestReadOne_BytesAndAllocationsNearNetHTTP(t *testing.T) {
	service, replay := start(t, bench.Size{})
	pair, err := service.ReadOne(t.Context())
	sdk, raw := memory(t, 9, 100, pair, err)
	requireAtMost(t, 1.15, sdk.Bytes, raw.Bytes)
	sdkAllocs, rawAllocs := allocations(t, 200, pair)
	requireAtMost(t, 1.10, sdkAllocs, rawAllocs)
	require.Len(t, replay.Targets(), 1, "both sides request the same targets")
}

func TestReadAccounts_AllocationsNearNetHTTP(t *testing.T) {
	accounts := 10_000
	if bench.RaceDetector { // it takes ten times as long, and its figures are not asserted
		accounts = 1000
	}
	pages := accounts / 100
	service, replay := start(t, bench.Size{Accounts: accounts})
	pair, err := service.ReadAccounts(t.Context(), accounts, nil)
	require.NoError(t, err)

	before := replay.Requests()
	require.NoError(t, pair.SDK(t.Context()))
	require.Equal(t, pages, replay.Requests()-before)
	require.NoError(t, pair.Raw(t.Context()))
	require.Equal(t, 2*pages, replay.Requests()-before)
	require.Len(t, replay.Targets(), pages, "both sides request the same targets")

	sdk, raw := allocations(t, 1, pair)
	t.Logf("wagraph: %.0f allocations; raw: %.0f; %.3fx", sdk, raw, sdk/raw)
	requireAtMost(t, 1.05, sdk, raw)
}

// TestReadAccountsWithNumbers_TenCallsForAThousandAccounts checks that numbers and certificates
// come with their accounts.
func TestReadAccountsWithNumbers_TenCallsForAThousandAccounts(t *testing.T) {
	const accounts, numbers = 1000, 2500
	service, replay := start(t, bench.Size{Accounts: accounts, Numbers: 3, Alternate: true})
	pair, err := service.ReadAccountsWithNumbers(t.Context(), numbers)
	require.NoError(t, err)
	for _, work := range []bench.Work{pair.SDK, pair.Raw} {
		before := replay.Requests()
		require.NoError(t, work(t.Context()))
		require.Equal(t, accounts/100, replay.Requests()-before)
	}
	require.Len(t, replay.Targets(), accounts/100, "both sides request the same targets")

	naive, err := service.ReadOneByOne(numbers)
	require.NoError(t, err)
	before := replay.Requests()
	require.NoError(t, naive(t.Context()))
	require.Equal(t, accounts/100+accounts, replay.Requests()-before)
}

func TestReadOverflowing_OneCallForEachRest(t *testing.T) {
	const accounts, numbers = 100, 7
	service, replay := start(t, bench.Size{Accounts: accounts, Numbers: numbers})
	pair, err := service.ReadOverflowing(t.Context(), accounts*numbers)
	require.NoError(t, err)
	for _, work := range []bench.Work{pair.SDK, pair.Raw} {
		before := replay.Requests()
		require.NoError(t, work(t.Context()))
		require.Equal(t, 1+accounts, replay.Requests()-before)
	}
	require.Len(t, replay.Targets(), 1+accounts, "both sides request the same targets")
	query, err := url.Parse(replay.Targets()[0])
	require.NoError(t, err)
	require.Contains(t, query.Query().Get("fields"), "certificate")
}

func TestRetryLayer_AllocatesLittle(t *testing.T) {
	service, _ := start(t, bench.Size{})
	pair, err := service.RetryLayer(t.Context())
	memory(t, 9, 100, pair, err)
	sdk, raw := allocations(t, 200, pair)
	require.Positive(t, raw)
	if !bench.RaceDetector {
		require.LessOrEqual(t, sdk-raw, 5.0)
	}
}

func TestBurstServer_ConnectionsOfABurst(t *testing.T) {
	for name, test := range map[string]struct {
		http2        bool
		bursts, most int
	}{
		"HTTP/1.1": {false, 10, bench.AtOnce},
		"HTTP/2":   {true, 3, 1},
	} {
		t.Run(name, func(t *testing.T) {
			server := bench.NewBurstServer(test.http2)
			t.Cleanup(server.Close)
			require.NoError(t, server.SDK(t.Context(), test.bursts))
			ours := server.Connections()
			require.LessOrEqual(t, ours, test.most)
			require.NoError(t, server.Raw(t.Context(), test.bursts))
			require.Greater(t, server.Connections()-ours, test.most, "net/http by itself")
		})
	}
}
