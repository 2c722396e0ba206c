package bench

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"
)

// Cost is what one run of a work takes.
type Cost struct {
	Wall time.Duration
	// CPU is of the whole process, and so with the garbage collector's.
	CPU time.Duration
	// Allocs and Bytes are allocated.
	Allocs, Bytes float64
}

// Interleave measures both sides of a pair in rounds, in random order, each a
// number of times in a row, and returns the medians over the rounds, per run.
// Each round has connections of its own: of two that are dialled alike one can
// cost a twentieth more than the other for as long as it lives.
func Interleave(ctx context.Context, rounds, runs int, pair Pair) (sdk, raw Cost, err error) {
	works := [...]Work{pair.SDK, pair.Raw}
	var costs [len(works)][]Cost
	for range rounds {
		pair.HangUp()
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

// Median is the value in the middle, or between the two there. It sorts all.
func Median[N time.Duration | float64](all []N) N {
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}
