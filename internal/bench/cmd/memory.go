package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/bench"
)

// The sides of the memory figures. An idle process has a client of each kind
// that has read something.
const (
	sideIdle = "idle"
	sideRaw  = "raw"
	sideSDK  = "sdk"
)

// streamed is what a process reads whose memory is looked at.
type streamed struct {
	Side     string
	Accounts int
	Scene    *bench.Scene
	// Collect collects garbage now and then, to see what is live.
	Collect bool
}

// held is what such a process held, in bytes.
type held struct {
	Peak float64 // in memory, at any time; 0 where the system does not say
	Live float64 // on the heap above what was there before, with Collect
}

// streaming compares what processes hold that read a long list, item by item,
// with what one holds that waits.
func streaming(ctx context.Context, t *table) error {
	const accounts = 100_000
	const work = "100,000 accounts, streamed"
	scene, stop, err := spawnServer(ctx, bench.Size{Accounts: accounts})
	if err != nil {
		return err
	}
	defer stop()
	peak, live := map[string][]float64{}, map[string][]float64{}
	for range 5 {
		for _, side := range []string{sideIdle, sideRaw, sideSDK} {
			was, err := spawnStream(ctx, streamed{Side: side, Accounts: accounts, Scene: scene})
			if err != nil {
				return err
			}
			peak[side] = append(peak[side], was.Peak)
			if was, err = spawnStream(ctx, streamed{Side: side, Accounts: accounts, Scene: scene, Collect: true}); err != nil {
				return err
			}
			live[side] = append(live[side], was.Live)
		}
	}
	t.atMost(work, "live heap above an idle process's", bench.Median(live[sideSDK]), bench.Median(live[sideRaw]), 4<<20, mib)
	if idle := bench.Median(peak[sideIdle]); idle > 0 {
		t.ratio(work, "peak memory (idle: "+mib(idle)+")", bench.Median(peak[sideSDK]), bench.Median(peak[sideRaw]), 0, mib)
	}
	return nil
}

func spawnStream(ctx context.Context, what streamed) (was held, err error) {
	self, err := os.Executable()
	if err != nil {
		return was, err
	}
	input, err := json.Marshal(what)
	if err != nil {
		return was, err
	}
	child := exec.CommandContext(ctx, self, argStream)
	child.Stdin, child.Stderr = bytes.NewReader(input), os.Stderr
	out, err := child.Output()
	if err != nil {
		return was, err
	}
	err = json.Unmarshal(out, &was)
	return was, err
}

// stream is such a process.
func stream(ctx context.Context, in io.Reader, out io.Writer) error {
	var what streamed
	if err := json.NewDecoder(in).Decode(&what); err != nil {
		return err
	}
	one, err := what.Scene.ReadOne(ctx)
	if err != nil {
		return err
	}
	n, before, most := 0, 0.0, 0.0
	each := func() {
		if n++; what.Collect && n%10_000 == 0 {
			most = max(most, liveHeap())
		}
	}
	all, err := what.Scene.ReadAccounts(ctx, what.Accounts, each)
	if err != nil {
		return err
	}
	for _, work := range []bench.Work{one.SDK, one.Raw} {
		if err := work(ctx); err != nil {
			return err
		}
	}
	if what.Collect {
		before = liveHeap()
		most = before
	}
	switch what.Side {
	case sideRaw:
		err = all.Raw(ctx)
	case sideSDK:
		err = all.SDK(ctx)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(held{Peak: peakMemory(), Live: most - before})
}

// liveHeap is what is in use once everything that is not has been collected.
func liveHeap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// peakMemory is the most that this process ever had in memory, in bytes; 0
// where the system does not say.
func peakMemory() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "VmHWM:" {
			kib, err := strconv.ParseFloat(words[1], 64)
			if err != nil {
				return 0
			}
			return kib * 1024
		}
	}
	return 0
}
