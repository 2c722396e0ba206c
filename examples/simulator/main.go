// Command simulator serves the Graph API simulator on a loopback address, to any
// client in any language:
//
//	go run ./examples/simulator
//	go run ./examples/simulator -addr 127.0.0.1:0 -wabas 10000 -numbers 3 -json
//
// It prints its ids and tokens and curl lines to try, or with -json one line of
// JSON. Its tokens open nothing but itself. Below /__sim/ it has a control API:
// it plays clients' signups, makes faults, and moves its clock.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

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
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the flags.
type options struct {
	addr           string
	wabas, numbers int
	json, anywhere bool
	world          []graphtest.Option
}

func parse(args []string, help io.Writer) (options, error) {
	var o options
	var bare, numeric, proof, quota, forget bool
	flags := flag.NewFlagSet("simulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8025", "`address` to listen on; port 0 picks a free one")
	flags.BoolVar(&o.anywhere, "allow-any-address", false, "listen on an address that other machines reach; whoever reaches it can do anything in it")
	flags.IntVar(&o.wabas, "wabas", 0, "add so many clients' accounts; 100000 are fine")
	flags.IntVar(&o.numbers, "numbers", 1, "with so many numbers each")
	flags.BoolVar(&o.json, "json", false, "print one line of JSON instead of ids, tokens and curl lines")
	flags.BoolVar(&bare, "bare-allocation", false, "answer the look-up of one client's allocation with a bare object, "+
		"as Meta's WhatsApp guide shows it, not with the list of Meta's reference")
	flags.BoolVar(&numeric, "numeric-ids", false, "answer ids as JSON numbers, as some of Meta's samples do")
	flags.BoolVar(&proof, "require-proof", false, "refuse calls without an appsecret_proof")
	flags.BoolVar(&quota, "quota", false, "enforce the hourly quotas: 200 calls per account, 5,000 once it has a registered number")
	flags.BoolVar(&forget, "no-log", false, "keep no record of calls, for long runs")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(help, "simulator serves a simulated Graph API until it is interrupted.\n\nFlags:\n")
		flags.SetOutput(help)
		flags.PrintDefaults()
		return o, err
	case err == nil && flags.NArg() > 0:
		err = errors.New("there are no arguments, only flags")
	case err == nil && o.wabas == 0 && given(flags, "numbers"):
		err = errors.New("-numbers is how many numbers each account of -wabas has: give -wabas too")
	case err == nil && (o.wabas < 0 || o.numbers < 0):
		err = errors.New("-wabas and -numbers cannot be negative")
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
	return o, err
}

// given tells whether a flag was, be it with its default.
func given(flags *flag.FlagSet, name string) bool {
	found := false
	flags.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

// run is the program without its process. It serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opts, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err == nil {
		err = checkAddr(ctx, opts.addr, opts.anywhere)
	}
	if err != nil {
		fmt.Fprintf(stderr, "simulator: %v\nsimulator -h explains\n", err)
		return exitUsage
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", opts.addr)
	if err != nil {
		fmt.Fprintf(stderr, "simulator: %v\n", err)
		return exitFailed
	}
	server := graphtest.Start(opts.world...)
	hello := announce(server, "http://"+listener.Addr().String())
	if opts.json {
		err = hello.writeJSON(stdout)
	} else {
		err = hello.write(stdout)
	}
	if err == nil {
		err = serve(ctx, listener, server.Handler())
	}
	if err != nil {
		fmt.Fprintf(stderr, "simulator: %v\n", err)
		return exitFailed
	}
	return exitDone
}

// checkAddr refuses what is no address, and unless anywhere one that other
// machines reach: the simulator guards nothing, and its control API does
// whatever it is told.
func checkAddr(ctx context.Context, addr string, anywhere bool) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("-addr must be a host and a port, as in 127.0.0.1:8025, got %.60q", addr)
	}
	if _, err := net.DefaultResolver.LookupPort(ctx, "tcp", port); err != nil {
		return fmt.Errorf("-addr %.60q has no port from 0 to 65535", addr)
	}
	if anywhere {
		return nil
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("-addr %.60q is not a loopback address; -allow-any-address listens there all the same", addr)
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
		_ = server.Close() // somebody holds on to a request: it ends here
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
