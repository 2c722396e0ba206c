package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"

	"github.com/seed-8fdceacd/wagraph/internal/bench"
)

// The first argument of the processes that this program starts from itself.
const (
	argServe  = "serve"
	argStream = "stream"
)

// spawnServer starts a service in a separate process.
func spawnServer(ctx context.Context, size bench.Size) (service *bench.Service, stop func(), err error) {
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
	service = new(bench.Service)
	if err = json.NewEncoder(in).Encode(size); err == nil {
		err = json.NewDecoder(out).Decode(service)
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return service, stop, nil
}

// serve runs such a process: it reads a size, writes a service, and ends when its
// input ends.
func serve(ctx context.Context, in io.Reader, out io.Writer) error {
	var size bench.Size
	decoder := json.NewDecoder(in)
	if err := decoder.Decode(&size); err != nil {
		return err
	}
	service, replay, err := bench.Start(ctx, size)
	if err != nil {
		return err
	}
	defer replay.Close()
	if err := json.NewEncoder(out).Encode(service); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in)
	return err
}
