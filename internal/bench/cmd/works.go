package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/bench"
)

// oneRead uses a server in another process, so that the processor time is only that
// of the client.
func oneRead(ctx context.Context, t *table) error {
	service, stop, err := spawnServer(ctx, bench.Size{})
	if err != nil {
		return err
	}
	defer stop()
	pair, err := service.ReadOne(ctx)
	if err != nil {
		return err
	}
	sdk, raw, err := bench.Interleave(ctx, 100, 250, pair)
	if err != nil {
		return err
	}
	const work = "one read"
	t.ratio(work, "processor time", float64(sdk.CPU), float64(raw.CPU), 1.05, duration)
	t.ratio(work, "allocations", sdk.Allocs, raw.Allocs, 1.10, count)
	t.ratio(work, "bytes allocated", sdk.Bytes, raw.Bytes, 1.15, kib)
	t.ratio(work, "time on loopback", float64(sdk.Wall), float64(raw.Wall), 0, duration)
	return nil
}

func manyAccounts(ctx context.Context, t *table) error {
	const accounts = 10_000
	service, stop, err := spawnServer(ctx, bench.Size{Accounts: accounts})
	if err != nil {
		return err
	}
	defer stop()
	pair, err := service.ReadAccounts(ctx, accounts, nil)
	if err != nil {
		return err
	}
	sdk, raw, err := bench.Interleave(ctx, 25, 1, pair)
	if err != nil {
		return err
	}
	const work = "10,000 accounts, 100 a page"
	t.ratio(work, "time on loopback", float64(sdk.Wall), float64(raw.Wall), 1.10, duration)
	t.ratio(work, "allocations", sdk.Allocs, raw.Allocs, 1.05, count)
	t.ratio(work, "processor time", float64(sdk.CPU), float64(raw.CPU), 0, duration)
	return nil
}

func nested(ctx context.Context, t *table) error {
	const accounts = 1000
	for _, roundTripTime := range []time.Duration{20 * time.Millisecond, 80 * time.Millisecond} {
		service, replay, err := bench.Start(ctx, bench.Size{Accounts: accounts, Numbers: 3, Alternate: true, RoundTripTime: roundTripTime})
		if err != nil {
			return err
		}
		err = nestedAt(ctx, t, service, replay, fmt.Sprintf("1,000 accounts, 2,500 certificates, %v away", roundTripTime))
		replay.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func nestedAt(ctx context.Context, t *table, service *bench.Service, replay *bench.Replay, work string) error {
	const accounts, numbers = 1000, 2500
	pair, err := service.ReadAccountsWithNumbers(ctx, numbers)
	if err != nil {
		return err
	}
	calls := func(work bench.Work) (float64, error) {
		before := replay.Requests()
		err := work(ctx)
		return float64(replay.Requests()-before) / accounts, err
	}
	sdkCalls, err := calls(pair.SDK)
	if err != nil {
		return err
	}
	rawCalls, err := calls(pair.Raw)
	if err != nil {
		return err
	}
	sdk, raw, err := bench.Interleave(ctx, 11, 1, pair)
	if err != nil {
		return err
	}
	oneByOne, err := service.ReadOneByOne(numbers)
	if err != nil {
		return err
	}
	start := time.Now()
	naiveCalls, err := calls(oneByOne)
	if err != nil {
		return err
	}
	naive := time.Since(start)
	t.atMost(work, "calls per account", sdkCalls, rawCalls, 0.010, perAccount)
	t.ratio(work, "time", float64(sdk.Wall), float64(raw.Wall), 1.05, duration)
	t.note(work, "time with a call per account", fmt.Sprintf("%s (%.0fx, %.3f calls)",
		duration(float64(naive)), float64(naive)/float64(sdk.Wall), naiveCalls))
	return nil
}

func overflowing(ctx context.Context, t *table) error {
	const accounts, numbers = 100, 7
	service, replay, err := bench.Start(ctx, bench.Size{Accounts: accounts, Numbers: numbers, RoundTripTime: 20 * time.Millisecond})
	if err != nil {
		return err
	}
	defer replay.Close()
	pair, err := service.ReadOverflowing(ctx, accounts*numbers)
	if err != nil {
		return err
	}
	sdk, raw, err := bench.Interleave(ctx, 7, 1, pair)
	if err != nil {
		return err
	}
	const work = "100 overflowing nested pages, 20ms away"
	t.ratio(work, "time, 8 at once against one after another", float64(sdk.Wall), float64(raw.Wall), 1/3.8, duration)
	return nil
}

func retryLayer(ctx context.Context, t *table) error {
	service, stop, err := spawnServer(ctx, bench.Size{})
	if err != nil {
		return err
	}
	defer stop()
	pair, err := service.RetryLayer(ctx)
	if err != nil {
		return err
	}
	sdk, raw, err := bench.Interleave(ctx, 100, 250, pair)
	if err != nil {
		return err
	}
	const work = "the retry layer, nothing to repeat"
	t.ratio(work, "processor time", float64(sdk.CPU), float64(raw.CPU), 1.02, duration)
	t.ratio(work, "time on loopback", float64(sdk.Wall), float64(raw.Wall), 1.02, duration)
	t.atMost(work, "allocations", sdk.Allocs, raw.Allocs, raw.Allocs+5, count)
	return nil
}

func bursts(ctx context.Context, t *table) error {
	for _, b := range []struct {
		name  string
		http2 bool
		n     int
		most  float64
	}{
		{"64 calls at once, ten times, HTTP/1.1", false, 10, bench.AtOnce},
		{"64 calls at once, cold, HTTP/2 over TLS", true, 1, 1},
	} {
		server := bench.NewBurstServer(b.http2)
		if err := server.SDK(ctx, b.n); err != nil {
			return err
		}
		sdk := server.Connections()
		if err := server.Raw(ctx, b.n); err != nil {
			return err
		}
		raw := server.Connections() - sdk
		server.Close()
		t.atMost(b.name, "connections", float64(sdk), float64(raw), b.most, count)
	}
	return nil
}
