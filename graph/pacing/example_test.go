package pacing_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// Install a Pacer on a client. All clients that As derives from it use the same
// Pacer. A call waits until its quota allows it, and at most until its context
// ends.
func Example() {
	server := graphtest.Start(graphtest.WithQuota()) // stands in for Meta

	pacer := pacing.New(pacing.Config{})
	client := server.Client(graph.WithPacer(pacer)) // or graph.New(source, graph.WithPacer(pacer))

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	accountID := string(server.World().OwnedWABAs[0])
	for range 3 {
		err := client.Do(ctx, graph.Request{
			Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{accountID},
		}, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	usage, err := pacer.Usage(ctx, accountID)
	fmt.Println(usage.Sent, "calls were sent.", err)
	// Output:
	// 3 calls were sent. <nil>
}

// Look at how much of a quota is used, for a dashboard or an alert. Other
// programs with the same app are seen in Meta's usage headers.
func ExamplePacer_Usage() {
	server := graphtest.Start(graphtest.WithQuota())
	number, _ := server.Number(server.World().Pending) // its account has 200 calls an hour
	accountID := string(number.WABA)
	read := graph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{accountID}}
	ctx := context.Background()

	other := server.Client() // another program, without a Pacer
	for range 60 {
		if err := other.Do(ctx, read, nil); err != nil {
			fmt.Println(err)
			return
		}
	}

	pacer := pacing.New(pacing.Config{})
	client := server.Client(graph.WithPacer(pacer))
	for range 20 {
		if err := client.Do(ctx, read, nil); err != nil {
			fmt.Println(err)
			return
		}
	}

	usage, err := pacer.Usage(ctx, accountID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("We sent %d calls, other programs %d. The limit is %d an hour.\n", usage.Sent, usage.Others, usage.Limit)
	fmt.Println("Meta blocks the account:", !usage.BlockedUntil.IsZero())
	// Output:
	// We sent 20 calls, other programs 60. The limit is 200 an hour.
	// Meta blocks the account: false
}

// A call that would have to wait too long is not sent. The client's error has the
// kind ErrThrottled and the wait; errors.AsType (or errors.As) finds the
// WaitError, which says why.
func ExampleWaitError() {
	server := graphtest.Start(graphtest.WithQuota())
	number, _ := server.Number(server.World().Pending) // its account has 200 calls an hour
	client := server.Client(graph.WithPacer(pacing.New(pacing.Config{MaxWait: time.Second})))

	var err error
	calls := 0
	for err == nil {
		calls++
		err = client.Do(context.Background(), graph.Request{
			Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{string(number.WABA)},
		}, nil)
	}

	if wait, ok := errors.AsType[*pacing.WaitError](err); ok {
		fmt.Printf("Call %d was not sent: %s, %d of %d calls are used.\n", calls, wait.Reason, wait.Used, wait.Limit)
		fmt.Println("Try again in about", wait.RetryAfter().Round(time.Second))
	}
	fmt.Println(graph.KindOf(err) == graph.ErrThrottled)
	// Output:
	// Call 148 was not sent: spacing, 147 of 200 calls are used.
	// Try again in about 18s
	// true
}

// Two Pacers with the same Budget act as one. A Memory does that within a
// process; package filebudget does it among the processes of a machine.
func ExampleNewMemory() {
	budget := pacing.NewMemory(0)
	web := pacing.New(pacing.Config{Budget: budget})
	nightly := pacing.New(pacing.Config{Budget: budget, MaxWait: -1}) // never waits

	ctx := context.Background()
	call := graph.TraceStart{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{"102290129340398"}}
	for range 10 { // a client does this by itself
		if err := web.WaitFor(ctx, call); err != nil {
			fmt.Println(err)
			return
		}
	}
	usage, err := nightly.Usage(ctx, "102290129340398")
	fmt.Println(usage.Sent, err)
	// Output: 10 <nil>
}
