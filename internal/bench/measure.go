package bench

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"
)

// Cost is the cost of one run of a work.
type Cost struct {
	Wall time.Duration
	// CPU is the processor time of the whole process, with the garbage collector.
	CPU time.Duration
	// Allocs and Bytes are the number and the size of allocations.
	Allocs, Bytes float64
}

// Interleave measures both sides of a pair in rounds, in random order. In each round
// a side runs several times. It returns the medians over the rounds, for one run.
// Each round has new connections: one connection can cost 5 % more than another one
// for as long as it is open.
func Interleave(ctx context.Context, rounds, runs int, pair Pair) (sdk, raw Cost, err error) {
	works := [...]Work{pair.SDK, pair.Raw}
	var costs [len(works)][]Cost
	for range rounds {
		pair.CloseIdleConnections()
		for _, work := range works {
			if err := work(ctx); err != nil {
				return sdk, raw, err
			}
		}
		for _, i := range rand.Perm(len(works)) {
			cost, err := measure(ctx, runs, works[i])
			if err != nil {
				return sdk, raw, err
			}
			costs[i] = append(costs[i], cost)
		}
	}
	return medians(costs[0]), medians(costs[1]), nil
}

func medians(all []Cost) Cost {
	return Cost{
		Wall:   median(all, func(c Cost) time.Duration { return c.Wall }),
		CPU:    median(all, func(c Cost) time.Duration { return c.CPU }),
		Allocs: median(all, func(c Cost) float64 { return c.Allocs }),
		Bytes:  median(all, func(c Cost) float64 { return c.Bytes }),
	}
}

func measure(ctx context.Context, runs int, work Work) (Cost, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, start := processTime(), time.Now()
	for range runs {
		if err := work(ctx); err != nil {
			return Cost{}, err
		}
	}
	wall, used := time.Since(start), processTime()-cpu
	runtime.ReadMemStats(&after)
	n := time.Duration(runs)
	return Cost{
		Wall: wall / n, CPU: used / n,
		Allocs: float64(after.Mallocs-before.Mallocs) / float64(runs),
		Bytes:  float64(after.TotalAlloc-before.TotalAlloc) / float64(runs),
	}, nil
}

func median[N time.Duration | float64](costs []Cost, of func(Cost) N) N {
	all := make([]N, len(costs))
	for i, c := range costs {
		all[i] = of(c)
	}
	return Median(all)
}

// Median returns the middle value, or the mean of the two in the middle. It sorts
// all.
func Median[N time.Duration | float64](all []N) N {
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}
