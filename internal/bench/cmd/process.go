package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/bench"
)

// The first argument of the processes that this one starts of itself.
const (
	argServe  = "serve"
	argStream = "stream"
)

// spawnServer starts a scene in a process of its own.
func spawnServer(ctx context.Context, size bench.Size) (scene *bench.Scene, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	child := exec.CommandContext(ctx, self, argServe)
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := child.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := child.Start(); err != nil {
		return nil, nil, err
	}
	stop = func() {
		_ = in.Close()
		_ = child.Wait()
	}
	scene = new(bench.Scene)
	if err = json.NewEncoder(in).Encode(size); err == nil {
		err = json.NewDecoder(out).Decode(scene)
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return scene, stop, nil
}

// serve is such a process: it reads a size, writes a scene, and ends with its
// input.
func serve(ctx context.Context, in io.Reader, out io.Writer) error {
	var size bench.Size
	decoder := json.NewDecoder(in)
	if err := decoder.Decode(&size); err != nil {
		return err
	}
	scene, replay, err := bench.Start(ctx, size)
	if err != nil {
		return err
	}
	defer replay.Close()
	if err := json.NewEncoder(out).Encode(scene); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in)
	return err
}

// streamed are the sides of the memory figure.
type streamed struct {
	Side     string // "idle", "raw" or "sdk"
	Accounts int
	Scene    *bench.Scene
}

// streaming compares the most memory that processes ever held: of one that
// made a client and one page's read, and of ones that read a whole list.
func streaming(ctx context.Context, t *table) error {
	const accounts = 100_000
	scene, stop, err := spawnServer(ctx, bench.Size{Accounts: accounts})
	if err != nil {
		return err
	}
	defer stop()
	peaks := map[string][]float64{}
	for range 5 {
		for _, side := range []string{"idle", "raw", "sdk"} {
			peak, err := spawnStream(ctx, streamed{side, accounts, scene})
			if err != nil {
				return err
			}
			if peak == 0 {
				t.note("100,000 accounts, streamed", "peak memory", "not measured on this system")
				return nil
			}
			peaks[side] = append(peaks[side], peak)
		}
	}
	idle := bench.Median(peaks["idle"])
	t.atMost("100,000 accounts, streamed", "peak memory above an idle process's "+mib(idle),
		bench.Median(peaks["sdk"])-idle, bench.Median(peaks["raw"])-idle, 4<<20, mib)
	return nil
}

func spawnStream(ctx context.Context, what streamed) (peak float64, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	input, err := json.Marshal(what)
	if err != nil {
		return 0, err
	}
	child := exec.CommandContext(ctx, self, argStream)
	child.Stdin, child.Stderr = strings.NewReader(string(input)), os.Stderr
	out, err := child.Output()
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
}

// stream is such a process: it prints its peak memory in bytes.
func stream(ctx context.Context, in io.Reader, out io.Writer) error {
	var what streamed
	if err := json.NewDecoder(in).Decode(&what); err != nil {
		return err
	}
	one, err := what.Scene.ReadOne(ctx)
	if err != nil {
		return err
	}
	all, err := what.Scene.ReadAccounts(ctx, what.Accounts)
	if err != nil {
		return err
	}
	for _, work := range map[string][]bench.Work{
		"idle": {one.SDK, one.Raw}, "raw": {one.Raw, all.Raw}, "sdk": {one.SDK, all.SDK},
	}[what.Side] {
		if err := work(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintln(out, peakMemory())
	return nil
}

// peakMemory is the most that this process ever had in memory, in bytes; 0
// where the system does not say.
func peakMemory() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")))
			if err != nil {
				return 0
			}
			return n << 10
		}
	}
	return 0
}
