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

// Interleave runs the works in rounds, each in a random order, and each work a
// number of times in a row. It returns the medians over the rounds, per run.
func Interleave(ctx context.Context, rounds, runs int, works ...Work) ([]Cost, error) {
	for _, work := range works { // connections and caches are there from now on
		if err := work(ctx); err != nil {
			return nil, err
		}
	}
	costs := make([][]Cost, len(works))
	for range rounds {
		for _, i := range rand.Perm(len(works)) {
			cost, err := measure(ctx, runs, works[i])
			if err != nil {
				return nil, err
			}
			costs[i] = append(costs[i], cost)
		}
	}
	medians := make([]Cost, len(works))
	for i, all := range costs {
		medians[i] = Cost{
			Wall:   median(all, func(c Cost) time.Duration { return c.Wall }),
			CPU:    median(all, func(c Cost) time.Duration { return c.CPU }),
			Allocs: median(all, func(c Cost) float64 { return c.Allocs }),
			Bytes:  median(all, func(c Cost) float64 { return c.Bytes }),
		}
	}
	return medians, nil
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
