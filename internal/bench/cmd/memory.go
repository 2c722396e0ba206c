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

// The processes whose memory is measured. An idle process has a client of each kind,
// and each has read one account.
const (
	sideIdle = "idle"
	sideRaw  = "raw"
	sideSDK  = "sdk"
)

// streamTask says what a process reads while its memory is measured.
type streamTask struct {
	Side     string
	Accounts int
	Service  *bench.Service
	// Collect runs the garbage collector from time to time, to measure live memory.
	Collect bool
}

// memoryUse is the memory of such a process, in bytes.
type memoryUse struct {
	Peak float64 // at any time; 0 where the system does not report it
	Live float64 // on the heap, above the value before the work; with Collect
}

// streaming compares the memory of processes that read a long list, item by item,
// with that of an idle process.
func streaming(ctx context.Context, t *table) error {
	const accounts = 100_000
	const work = "100,000 accounts, streamed"
	service, stop, err := spawnServer(ctx, bench.Size{Accounts: accounts})
	if err != nil {
		return err
	}
	defer stop()
	peak, live := map[string][]float64{}, map[string][]float64{}
	for range 5 {
		for _, side := range []string{sideIdle, sideRaw, sideSDK} {
			was, err := spawnStream(ctx, streamTask{Side: side, Accounts: accounts, Service: service})
			if err != nil {
				return err
			}
			peak[side] = append(peak[side], was.Peak)
			if was, err = spawnStream(ctx, streamTask{Side: side, Accounts: accounts, Service: service, Collect: true}); err != nil {
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

func spawnStream(ctx context.Context, what streamTask) (was memoryUse, err error) {
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

// stream runs such a process.
func stream(ctx context.Context, in io.Reader, out io.Writer) error {
	var what streamTask
	if err := json.NewDecoder(in).Decode(&what); err != nil {
		return err
	}
	one, err := what.Service.ReadOne(ctx)
	if err != nil {
		return err
	}
	n, before, most := 0, 0.0, 0.0
	each := func() {
		if n++; what.Collect && n%10_000 == 0 {
			most = max(most, liveHeap())
		}
	}
	all, err := what.Service.ReadAccounts(ctx, what.Accounts, each)
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
	return json.NewEncoder(out).Encode(memoryUse{Peak: peakMemory(), Live: most - before})
}

// liveHeap returns the size of the heap after a garbage collection.
func liveHeap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// peakMemory returns the largest resident size of this process so far, in bytes, or
// 0 where the system does not report it.
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
