// Command list-certificates lists the WABAs that clients share with the partner,
// their numbers, and the certificates of those, in as few calls as Meta allows:
//
//	go run ./examples/list-certificates
//	go run ./examples/list-certificates -wabas 1000 -numbers 3
//
// One request reads a hundred accounts with up to 25 numbers each; the other
// numbers are read with further requests. It runs against the simulator inside it
// unless the environment names a server; -h explains.
package main

import (
	"context"
	"errors"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func main() { cli.Main("list-certificates", run) }

// options are the flags.
type options struct {
	after           string
	pages, pageSize int
	wabas, numbers  int
	json            bool
}

const usage = `list-certificates lists clients' WABAs with their numbers and certificates.

Usage:
  go run ./examples/list-certificates [flags]
`

const exits = "\nExit: 0 done, 1 stopped by an error that says what to do, 2 wrong flags or\nenvironment.\n"

func parse(p cli.Process) (options, error) {
	var o options
	f := cli.NewFlags("list-certificates", usage, target.Help(needs()...)+exits)
	f.StringVar(&o.after, "after", "", "`cursor` of an earlier run, to go on after it; cursors expire")
	f.IntVar(&o.pages, "pages", 0, "stop after this `number` of pages; 0 reads all")
	f.IntVar(&o.pageSize, "page-size", 100, "`number` of accounts in a request, 1 to 100")
	f.BoolVar(&o.json, "json", false, "print a JSON line for each account with its numbers and certificates, instead of a table")
	f.IntVar(&o.wabas, "wabas", 0, "`number` of accounts to add to the embedded simulator")
	f.IntVar(&o.numbers, "numbers", 1, "`number` of phone numbers of each account that -wabas adds")
	err := f.Read(p.Args, p.Out)
	switch {
	case err != nil:
		return o, err
	case o.wabas == 0 && f.Given("numbers"):
		return o, cli.Usagef("-numbers is how many numbers each account of -wabas has: give -wabas too")
	case o.pages < 0 || o.wabas < 0 || o.numbers < 0:
		return o, cli.Usagef("-pages, -wabas and -numbers cannot be negative")
	case o.pageSize < 1 || o.pageSize > 100:
		return o, cli.Usagef("-page-size must be from 1 to 100, got %d", o.pageSize)
	}
	return o, nil
}

// needs returns the variables that this program must have.
func needs() []string { return []string{target.Token, target.BusinessID} }

// run is the whole program. The tests call it instead of a process.
func run(ctx context.Context, p cli.Process) error {
	opts, err := parse(p)
	if err != nil {
		return err
	}
	progress := cli.NewProgress(p.Err, p.Env)
	calls := meter.New(progress)
	to, err := target.Open(p.Env, needs(), []graphtest.Option{graphtest.WithClients(opts.wabas, opts.numbers)}, graph.WithTracer(calls))
	if err != nil {
		return err
	}
	if to.Simulator == nil && opts.wabas > 0 {
		return cli.Usagef("-wabas is for the embedded simulator; the environment names a server")
	}
	var out printer = newTable(p, progress)
	if opts.json {
		out = newLines(p.Out, p.Err, progress)
	}
	after, err := list(ctx, to, opts, out, progress)
	progress.Clear()
	if err == nil {
		err = out.end(calls.Count())
	}
	if err != nil {
		return &cli.StopError{Err: err, Next: next(err, after)}
	}
	return nil
}

// next says what to do about the error that ended the run.
func next(err error, after string) string {
	switch {
	case errors.Is(err, graph.ErrCursorExpired):
		return "run again from the start, without -after."
	case errors.Is(err, graph.ErrInput), after == "":
		return "once the reason is gone, run again from the start, without -after."
	default:
		return "once the reason is gone, run again with -after " + after
	}
}
