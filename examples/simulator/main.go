// Command simulator serves the Graph API simulator on a loopback address, to any
// client in any language:
//
//	go run ./examples/simulator
//	go run ./examples/simulator -addr 127.0.0.1:0 -wabas 10000 -numbers 3 -json
//
// It prints its ids and tokens and curl lines to try, or with -json one line of
// JSON. Its tokens work only there. Below /__sim/ it has a control API:
// it makes signups of clients and faults, and moves its clock.
package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func main() { cli.Main("simulator", run) }

// options are the flags.
type options struct {
	addr           string
	wabas, numbers int
	json, anywhere bool
	world          []graphtest.Option
}

const usage = `simulator serves a simulated Graph API until it is interrupted.

Usage:
  go run ./examples/simulator [flags]
`

const exits = "\nExit: 0 interrupted, 1 stopped by an error, 2 wrong flags.\n"

func parse(p cli.Process) (options, error) {
	var o options
	var bare, numeric, proof, quota, forget bool
	f := cli.NewFlags("simulator", usage, exits)
	f.StringVar(&o.addr, "addr", "127.0.0.1:8025", "`address` to listen on; port 0 picks a free one")
	f.BoolVar(&o.anywhere, "allow-any-address", false, "listen on an address that other machines reach; each of them can do anything in the simulator then")
	f.IntVar(&o.wabas, "wabas", 0, "`number` of clients' accounts to add, such as 100000")
	f.IntVar(&o.numbers, "numbers", 1, "`number` of phone numbers of each account that -wabas adds")
	f.BoolVar(&o.json, "json", false, "print one line of JSON instead of ids, tokens and curl lines")
	f.BoolVar(&bare, "bare-allocation", false, "answer the look-up of one client's allocation with a bare object, "+
		"as Meta's WhatsApp guide shows it, not with the list of Meta's reference")
	f.BoolVar(&numeric, "numeric-ids", false, "answer ids as JSON numbers, as some of Meta's samples do")
	f.BoolVar(&proof, "require-proof", false, "refuse calls without an appsecret_proof")
	f.BoolVar(&quota, "quota", false, "enforce the hourly quotas: 200 calls per account, 5,000 once it has a registered number")
	f.BoolVar(&forget, "no-log", false, "keep no record of calls, for long runs")
	err := f.Read(p.Args, p.Out)
	switch {
	case err != nil:
		return o, err
	case o.wabas == 0 && f.Given("numbers"):
		return o, cli.Usagef("-numbers is how many numbers each account of -wabas has: give -wabas too")
	case o.wabas < 0 || o.numbers < 0:
		return o, cli.Usagef("-wabas and -numbers cannot be negative")
	}
	o.world = []graphtest.Option{graphtest.WithControlAPI(), graphtest.WithClients(o.wabas, o.numbers)}
	for _, choice := range []struct {
		made   bool
		option graphtest.Option
	}{
		{bare, graphtest.WithBareAllocation()}, {numeric, graphtest.WithNumericIDs()}, {proof, graphtest.WithProofRequired()},
		{quota, graphtest.WithQuota()}, {forget, graphtest.WithoutLog()},
	} {
		if choice.made {
			o.world = append(o.world, choice.option)
		}
	}
	return o, nil
}

// run is the whole program. The tests call it instead of a process. It serves until ctx ends.
func run(ctx context.Context, p cli.Process) error {
	opts, err := parse(p)
	if err != nil {
		return err
	}
	if err := checkAddr(ctx, opts.addr, opts.anywhere); err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", opts.addr)
	if err != nil {
		return &cli.StopError{Err: err, Next: "give another -addr; port 0 picks a free one."}
	}
	progress := cli.NewProgress(p.Err, p.Env)
	if opts.wabas > manyAccounts {
		progress.Note("making %d accounts", opts.wabas)
	}
	server := graphtest.Start(opts.world...)
	hello := announce(server, "http://"+listener.Addr().String())
	if opts.json {
		err = hello.writeJSON(p.Out)
	} else {
		err = hello.write(p.Out)
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	return serve(ctx, listener, server.Handler())
}

// manyAccounts is a number that takes some seconds to make.
const manyAccounts = 20_000

// checkAddr refuses a text that is not an address and, unless anywhere is true, an
// address that other machines reach: the simulator has no access control, and its
// control API obeys every caller.
func checkAddr(ctx context.Context, addr string, anywhere bool) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return cli.Usagef("-addr must be a host and a port, as in 127.0.0.1:8025, got %.60q", addr)
	}
	if _, err := net.DefaultResolver.LookupPort(ctx, "tcp", port); err != nil {
		return cli.Usagef("-addr %.60q has no port from 0 to 65535", addr)
	}
	if anywhere {
		return nil
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return cli.Usagef("-addr %.60q is not a loopback address; -allow-any-address listens there nevertheless", addr)
}

const (
	headerTimeout   = 10 * time.Second
	shutdownTimeout = 5 * time.Second
)

// serve answers until ctx ends, and then lets running requests finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if server.Shutdown(grace) != nil {
		_ = server.Close() // a request that does not end is ended here
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
