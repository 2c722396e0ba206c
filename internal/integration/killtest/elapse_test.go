package killtest

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// answerWait is longer than the time for which the next process waits for the answer
// to a code that a killed process sent.
const answerWait = 2 * time.Minute

// elapse does at once what time does after a process was killed. Its leases would end
// after onboard.MinLease or more: an ended lease is like a row that is not there. The
// next process would wait 90 seconds for the answer to a code: so the code was sent
// earlier. The tests run in real time, and hundreds of them would wait for minutes.
//
// Only one process lives at a time. So all leases, and an exchange that has not ended,
// are of killed processes if the caller has no step running.
func elapse(ctx context.Context, db *sql.DB, store onboard.Store, record onboard.Record) (onboard.Record, error) {
	if _, err := db.ExecContext(ctx, "DELETE FROM wagraph_leases"); err != nil {
		return record, err
	}
	if record.Exchange.Sent.IsZero() || !record.Exchange.Ended.IsZero() || time.Since(record.Exchange.Sent) > answerWait {
		return record, nil
	}
	record.Exchange.Sent = record.Exchange.Sent.Add(-answerWait)
	if step := record.Step(onboard.StepToken, ""); step != nil && !step.NotBefore.IsZero() {
		step.NotBefore = step.NotBefore.Add(-answerWait)
	}
	stored, err := store.Update(ctx, record)
	if errors.Is(err, onboard.ErrConflict) { // a write of the killed process was done only now
		if stored, err = store.Get(ctx, record.ID); err == nil {
			return elapse(ctx, db, store, stored)
		}
	}
	return stored, err
}

// connections are those that the simulator has open.
type connections struct {
	mu   sync.Mutex
	open map[net.Conn]bool
}

// change is the ConnState of the simulator's server. A connection that its process left
// is closed once the calls that arrived on it are done.
func (c *connections) change(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
	default:
		if c.open == nil {
			c.open = map[net.Conn]bool{}
		}
		c.open[conn] = true
	}
}

// wait returns once the calls of a killed process are done: the end of a lease gives them
// that time. It looks twice, because a connection may not have been accepted yet.
func (c *connections) wait() {
	for quiet := 0; quiet < 2; {
		c.mu.Lock()
		n := len(c.open)
		c.mu.Unlock()
		if quiet++; n > 0 {
			quiet = 0
		}
		time.Sleep(10 * time.Millisecond)
	}
}
