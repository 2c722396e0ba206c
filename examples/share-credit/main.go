// Command share-credit shows whether the partner's credit line pays for a WABA,
// shares the line, verifies the share and revokes it:
//
//	go run ./examples/share-credit
//	go run ./examples/share-credit check -waba ID
//
// Without a verb it runs all of them on the simulator, one after another. With
// one it acts there too, unless the environment names a server; -h explains.
package main

import (
	"context"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
)

func main() { cli.Main("share-credit", run) }

// run is the whole program. The tests call it instead of a process.
func run(ctx context.Context, p cli.Process) error {
	opts, err := parse(p)
	if err != nil {
		return err
	}
	progress := cli.NewProgress(p.Err, p.Env)
	calls := meter.New(progress)
	to, err := target.Open(p.Env, opts.verb.needs, nil, graph.WithTracer(calls))
	if err != nil {
		return err
	}
	if err := opts.complete(ctx, to); err != nil {
		return err
	}
	a := &actions{
		to: to, opts: opts, out: cli.NewPrinter(p.Out, p.Env),
		ask: cli.Asker{Needed: to.Real() && opts.verb.acts && !opts.dryRun, Yes: opts.yes, In: p.In, Out: p.Err},
	}
	if err := a.ask.Check(); err != nil {
		return cli.Usage(err)
	}
	before := calls.Count()
	err = opts.verb.do(a, ctx)
	fmt.Fprintf(p.Out, "\n%s\n", calls.Count().Since(before))
	if err != nil {
		return &cli.StopError{Err: err, Next: next(err)}
	}
	return nil
}
