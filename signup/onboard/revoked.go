package onboard

import (
	"context"

	"github.com/seed-8fdceacd/wagraph/credit"
)

// look reads what others wrote before this worker leased the client's assets: what people
// wrote into the record, and whether the line was revoked from the client. No offboarding
// and no SetCurrency goes on while the worker has the lease.
func (w *worker) look(ctx context.Context) error {
	stored, err := w.flow.cfg.Store.Get(ctx, w.record.ID)
	if err != nil {
		return err
	}
	if stored.Holder.Token != w.hold.token() {
		return ErrConflict
	}
	w.base.merge(&w.record, stored)
	if w.flow.cfg.Line == "" || w.record.Business == "" || w.record.Reinstate {
		return nil
	}
	revoked, err := w.flow.Revoked(ctx, w.flow.cfg.Line, w.record.Business)
	if revoked {
		w.revoked = credit.ErrRevoked
	}
	return err
}
