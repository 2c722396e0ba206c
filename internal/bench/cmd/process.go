package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"

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
