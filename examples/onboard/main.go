// Command onboard takes a client from the callback of Embedded Signup to a phone
// number that can send, billed to the partner's credit line, and tells what it
// did and what Meta answered:
//
//	go run ./examples/onboard
//	go run ./examples/onboard -fault lost-share
//
// It runs against the simulator inside it unless the environment names a server;
// -h explains. The steps are in steps.go, assets.go and money.go, in the order
// in which they run: that is the part to copy. Everything else here is telling.
//
// What a backend does besides: it seals the client's token in its vault before
// the next step, keeps a record of each step, and goes on from there in another
// process. onboard.Flow does that; this program shows the calls below it.
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
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err != nil:
		fmt.Fprintf(stderr, "onboard: %v\nonboard -h explains\n", err)
		return exitUsage
	case opts.fault == listFaults:
		writeFaults(stdout)
		return exitDone
	}

	progress := stdout
	if opts.json {
		progress = stderr
	}
	calls := meter.New(stderr)
	tale := &story{w: progress, verbose: opts.verbose || opts.fault != ""}
	calls.Seen = tale.attempt
	to, err := target.Open(env, needs(), nil, wagraph.WithTracer(calls))
	if err == nil {
		err = opts.check(to)
	}
	ask := target.Asker{Needed: to != nil && to.Real() && !opts.dryRun, Yes: opts.yes, In: stdin, Out: stderr}
	if err == nil {
		err = ask.Check()
	}
	if err != nil {
		fmt.Fprintf(stderr, "onboard: %v\nonboard -h explains\n", err)
		return exitUsage
	}

	if err = opts.begin(ctx, to); err != nil {
		fmt.Fprintf(stderr, "onboard: %v\n", err)
		return exitFailed
	}
	o := newOnboarding(to, opts, ask, calls, tale)
	tale.open(to, opts)
	err = o.run(ctx)
	o.report(err)
	if err == nil {
		tale.summary()
	}
	if opts.json {
		if err := tale.writeJSON(stdout); err != nil {
			fmt.Fprintf(stderr, "onboard: %v\n", err)
			return exitFailed
		}
	}
	if err != nil {
		fmt.Fprintf(stderr, "\n%v\n\nNext: %s\n", err, o.next(err))
		return exitFailed
	}
	return exitDone
}
