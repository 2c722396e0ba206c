// Command cmd prints a table of the cost of the SDK, of net/http and encoding/json
// alone, and of the limits. It succeeds whenever it could measure, because times
// depend on the other processes of the machine. It takes a few minutes, mostly for
// simulated round trips.
//
//	go run ./internal/bench/cmd            # everything
//	go run ./internal/bench/cmd read burst # some of it, by name
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
)

// section is a group of rows that are measured together.
type section struct {
	name    string
	measure func(context.Context, *table) error
}

var sections = [...]section{
	{"read", oneRead},
	{"list", manyAccounts},
	{"memory", streaming},
	{"nested", nested},
	{"overflow", overflowing},
	{"layer", retryLayer},
	{"burst", bursts},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case argServe:
			return serve(ctx, os.Stdin, os.Stdout)
		case argStream:
			return stream(ctx, os.Stdin, os.Stdout)
		}
	}
	for _, name := range args {
		if !slices.ContainsFunc(sections[:], func(s section) bool { return s.name == name }) {
			return fmt.Errorf("there is no section %q", name)
		}
	}
	fmt.Printf("%s, %s/%s, %d processors\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	var t table
	for _, s := range sections {
		if len(args) > 0 && !slices.Contains(args, s.name) {
			continue
		}
		fmt.Fprintln(os.Stderr, "measuring", s.name)
		if err := s.measure(ctx, &t); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	t.print(os.Stdout)
	return nil
}
