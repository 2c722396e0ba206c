package pacing_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/pacing"
)

// A client being onboarded has 200 calls an hour. The first three quarters go
// out at once; then calls are spaced, and one that cannot wait that long is told.
func Example() {
	server := graphtest.Start(graphtest.WithQuota())
	number, _ := server.Number(server.World().Pending)

	pacer := pacing.New(pacing.Options{MaxWait: time.Second})
	graph := server.Client(wagraph.WithPacer(pacer))

	ctx := context.Background()
	for n := 1; ; n++ {
		err := graph.Do(ctx, wagraph.Request{
			Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{string(number.WABA)},
		}, nil)
		if later, ok := errors.AsType[*pacing.WaitError](err); ok {
			fmt.Printf("call %d: %s, again in about %v\n", n, later.Reason, later.RetryAfter().Round(time.Second))
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	standing, _ := pacer.Standing(ctx, string(number.WABA))
	fmt.Printf("%d of %d calls used\n", standing.Own+standing.Others, standing.Limit)
	// Output:
	// call 148: spacing, again in about 18s
	// 147 of 200 calls used
}
