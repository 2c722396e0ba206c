// Command list-certificates lists the WABAs that clients share with the partner,
// their numbers, and the certificates of those, in as few calls as Meta allows:
//
//	go run ./examples/list-certificates
//	go run ./examples/list-certificates -wabas 1000 -numbers 3
//
// One request reads a hundred accounts with up to 25 numbers each; the numbers
// that do not fit are read on. It runs against the simulator inside it unless
// the environment names a server; -h explains.
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
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// Exit codes.
const (
	exitDone = iota
	exitFailed
	exitUsage
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the flags.
type options struct {
	after           string
	pages, pageSize int
	wabas, numbers  int
	json            bool
}

func parse(args []string, help io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("list-certificates", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.after, "after", "", "`cursor` of an earlier run, to go on behind it; cursors do not live long")
	flags.IntVar(&o.pages, "pages", 0, "stop after so many pages; 0 reads all")
	flags.IntVar(&o.pageSize, "page-size", 100, "accounts per request, 1 to 100")
	flags.BoolVar(&o.json, "json", false, "print a JSON line per account with its numbers and certificates, instead of a table")
	flags.IntVar(&o.wabas, "wabas", 0, "add so many accounts to the embedded simulator")
	flags.IntVar(&o.numbers, "numbers", 1, "with so many numbers each")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(help, "list-certificates lists clients' WABAs with their numbers and certificates.\n\nFlags:\n")
		flags.SetOutput(help)
		flags.PrintDefaults()
		fmt.Fprintf(help, "\n%s", target.Help(needs()...))
	case err == nil && flags.NArg() > 0:
		err = errors.New("there are no arguments, only flags")
	case err == nil && (o.pages < 0 || o.wabas < 0 || o.numbers < 0):
		err = errors.New("-pages, -wabas and -numbers cannot be negative")
	}
	return o, err
}

// needs are the variables that this program cannot do without.
func needs() []string { return []string{target.Token, target.BusinessID} }

// run is the program without its process.
func run(ctx context.Context, args []string, env target.Env, stdout, stderr io.Writer) int {
	opts, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	calls := meter.New(stderr)
	var to *target.Target
	if err == nil {
		to, err = target.Open(env, needs(), []graphtest.Option{graphtest.WithClients(opts.wabas, opts.numbers)}, wagraph.WithTracer(calls))
	}
	if err != nil {
		fmt.Fprintf(stderr, "list-certificates: %v\nlist-certificates -h explains\n", err)
		return exitUsage
	}
	var out printer = &table{w: stdout}
	if opts.json {
		out = newLines(stdout, stderr)
	}
	after, err := list(ctx, to, opts, out, stderr)
	if err == nil {
		err = out.end(calls.Count())
	}
	if err != nil {
		fmt.Fprintf(stderr, "\n%v\n\nNext: %s\n", err, next(err, after))
		return exitFailed
	}
	return exitDone
}

// next is what to do about the error that ended the run.
func next(err error, after string) string {
	switch {
	case errors.Is(err, wagraph.ErrCursorExpired), errors.Is(err, wagraph.ErrInput), after == "":
		return "once the reason is gone, run again from the start, without -after."
	default:
		return "once the reason is gone, run again with -after " + after
	}
}
