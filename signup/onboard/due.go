package onboard

import (
	"context"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// RunDue runs up to limit records that are due, all at the same time, and returns
// them: those that are due longest come first. Fewer than limit means that there was
// no more to do. A worker calls it in a loop, and waits a little when it returned fewer
// than limit:
//
//	for ctx.Err() == nil {
//		records, err := flow.RunDue(ctx, 16)
//		if err != nil {
//			log.Error("onboarding", "error", err)
//		}
//		if len(records) < 16 {
//			wait(ctx, time.Second)
//		}
//	}
//
// Several processes may do so: each record is run by one of them. A record that another
// worker has is passed over. The error joins those of the runs.
func (f *Flow) RunDue(ctx context.Context, limit int) ([]Record, error) {
	if err := f.made(ctx); err != nil {
		return nil, err
	}
	began := time.Now()
	leases, err := f.cfg.Store.AcquireDue(ctx, f.cfg.Worker, f.cfg.Lease, limit)
	records, errs := make([]Record, len(leases)), make([]error, len(leases))
	var running sync.WaitGroup
	for i, lease := range leases {
		running.Go(func() {
			errs[i] = guard.Run("a run", graph.ErrPanicked, func() (err error) {
				h := f.keep(ctx, lease, f.cfg.Lease, began)
				defer h.release(ctx)
				records[i], err = f.workHeld(ctx, h, lease.Objects[0].ID, task{limit: -1})
				return err
			})
		})
	}
	running.Wait()
	return records, joined(append([]error{err}, errs...)...)
}
