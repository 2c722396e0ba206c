// Command share-credit shows how a WABA stands with the partner's credit line,
// shares the line, verifies the share and takes it back:
//
//	go run ./examples/share-credit
//	go run ./examples/share-credit check -waba ID
//
// Without a verb it plays all of them through on the simulator. With one it acts
// there too, unless the environment names a server; -h explains.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
)

// Exit codes.
const (
	exitDone = iota
	exitFailed
	exitUsage
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program without its process.
func run(ctx context.Context, args []string, env target.Env, stdin io.Reader, stdout, stderr io.Writer) int {
	opts, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	calls := meter.New(stderr)
	var to *target.Target
	if err == nil {
		to, err = target.Open(env, opts.verb.needs, nil, wagraph.WithTracer(calls))
	}
	if err == nil {
		err = opts.complete(ctx, to)
	}
	a := &actions{to: to, opts: opts, out: stdout}
	if err == nil {
		a.ask = target.Asker{Needed: to.Real() && opts.verb.acts && !opts.dryRun, Yes: opts.yes, In: stdin, Out: stderr}
		err = a.ask.Check()
	}
	if err != nil {
		fmt.Fprintf(stderr, "share-credit: %v\nshare-credit -h explains\n", err)
		return exitUsage
	}
	before := calls.Count()
	err = opts.verb.do(a, ctx)
	fmt.Fprintf(stdout, "\n%s\n", calls.Count().Since(before))
	if err != nil {
		fmt.Fprintf(stderr, "\n%v\n\nNext: %s\n", err, next(err))
		return exitFailed
	}
	return exitDone
}
