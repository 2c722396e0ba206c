package bench_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/bench"
)

// start serves a scene for a test.
func start(t *testing.T, size bench.Size) (*bench.Scene, *bench.Replay) {
	t.Helper()
	scene, replay, err := bench.Start(t.Context(), size)
	require.NoError(t, err)
	t.Cleanup(replay.Close)
	return scene, replay
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

// requireAtMost holds a figure to its limit, where figures are exact.
func requireAtMost(t *testing.T, limit, sdk, raw float64) {
	t.Helper()
	require.Positive(t, raw)
	if !bench.RaceDetector {
		require.LessOrEqual(t, sdk, limit*raw)
	}
}

func TestReadingOneAccountCostsWhatNetHTTPCosts(t *testing.T) {
	scene, replay := start(t, bench.Size{})
	pair, err := scene.ReadOne(t.Context())
	sdk, raw := memory(t, 9, 100, pair, err)
	requireAtMost(t, 1.15, sdk.Bytes, raw.Bytes)
	sdkAllocs, rawAllocs := allocations(t, 200, pair)
	requireAtMost(t, 1.10, sdkAllocs, rawAllocs)
	require.Len(t, replay.Targets(), 1, "both sides ask for the same")
}

func TestReadingManyAccountsCostsWhatNetHTTPCosts(t *testing.T) {
	accounts := 10_000
	if bench.RaceDetector { // which takes ten times as long, for no figure
		accounts = 1000
	}
	pages := accounts / 100
	scene, replay := start(t, bench.Size{Accounts: accounts})
	pair, err := scene.ReadAccounts(t.Context(), accounts, nil)
	require.NoError(t, err)

	before := replay.Asked()
	require.NoError(t, pair.SDK(t.Context()))
	require.Equal(t, pages, replay.Asked()-before)
	require.NoError(t, pair.Raw(t.Context()))
	require.Equal(t, 2*pages, replay.Asked()-before)
	require.Len(t, replay.Targets(), pages, "both sides ask for the same")

	sdk, raw := allocations(t, 1, pair)
	t.Logf("wagraph: %.0f allocations; raw: %.0f; %.3fx", sdk, raw, sdk/raw)
	requireAtMost(t, 1.05, sdk, raw)
}

// A thousand accounts, their numbers and certificates: ten calls.
func TestNumbersComeWithTheirAccounts(t *testing.T) {
	const accounts, numbers = 1000, 2500
	scene, replay := start(t, bench.Size{Accounts: accounts, Numbers: 3, Halved: true})
	pair, err := scene.ReadNumbered(t.Context(), numbers)
	require.NoError(t, err)
	for _, work := range []bench.Work{pair.SDK, pair.Raw} {
		before := replay.Asked()
		require.NoError(t, work(t.Context()))
		require.Equal(t, accounts/100, replay.Asked()-before)
	}
	require.Len(t, replay.Targets(), accounts/100, "both sides ask for the same")

	naive, err := scene.ReadOneByOne(numbers)
	require.NoError(t, err)
	before := replay.Asked()
	require.NoError(t, naive(t.Context()))
	require.Equal(t, accounts/100+accounts, replay.Asked()-before)
}

func TestOverflowingPagesAreReadOnWithOneCallEach(t *testing.T) {
	const accounts, numbers = 100, 7
	scene, replay := start(t, bench.Size{Accounts: accounts, Numbers: numbers})
	pair, err := scene.ReadOverflowing(t.Context(), accounts*numbers)
	require.NoError(t, err)
	for _, work := range []bench.Work{pair.SDK, pair.Raw} {
		before := replay.Asked()
		require.NoError(t, work(t.Context()))
		require.Equal(t, 1+accounts, replay.Asked()-before)
	}
	require.Len(t, replay.Targets(), 1+accounts, "both sides ask for the same")
	query, err := url.Parse(replay.Targets()[0])
	require.NoError(t, err)
	require.Contains(t, query.Query().Get("fields"), "certificate")
}

func TestTheRetryLayerAllocatesLittle(t *testing.T) {
	scene, _ := start(t, bench.Size{})
	pair, err := scene.RetryLayer(t.Context())
	memory(t, 9, 100, pair, err)
	sdk, raw := allocations(t, 200, pair)
	require.Positive(t, raw)
	if !bench.RaceDetector {
		require.LessOrEqual(t, sdk-raw, 5.0)
	}
}

func TestBurstsDialAsOftenAsTheyMust(t *testing.T) {
	for name, test := range map[string]struct {
		http2        bool
		bursts, most int
	}{
		"HTTP/1.1": {false, 10, bench.AtOnce},
		"HTTP/2":   {true, 3, 1},
	} {
		t.Run(name, func(t *testing.T) {
			crowd := bench.NewCrowd(test.http2)
			t.Cleanup(crowd.Close)
			require.NoError(t, crowd.SDK(t.Context(), test.bursts))
			ours := crowd.Dialled()
			require.LessOrEqual(t, ours, test.most)
			require.NoError(t, crowd.Raw(t.Context(), test.bursts))
			require.Greater(t, crowd.Dialled()-ours, test.most, "net/http by itself")
		})
	}
}
