package credit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// account is the part of a WABA that says who owns it and what pays for it.
type account struct {
	ID       graph.WABAID    `json:"id"`
	Funding  graph.FundingID `json:"primary_funding_id"`
	Currency string          `json:"currency"`
	Owner    graph.Business  `json:"owner_business_info"`
}

func (c *Client) readAccount(ctx context.Context, id graph.WABAID) (account, error) {
	return apicall.Send(ctx, c.base(), constructor, apicall.Op[account](graph.Request{
		Method: http.MethodGet, Route: routeAccount, IDs: []string{string(id)},
		Query: apicall.FieldsParam(nil, graph.FieldsOf[account]()),
	}))
}

// isAttached reports whether the funding source that the client received with
// the allocation pays for the WABA. A WABA without one has no primary_funding_id,
// or "0".
func isAttached(a Allocation, acc account) bool {
	return a.Credential.ID != "" && a.Credential.ID != "0" && a.Credential.ID == acc.Funding
}

// checkOwner refuses a WABA of another business than the request names, and a
// WABA that does not show its owner. Meta shares the line with the owner of the
// WABA, even if the caller means another business.
func (r ShareRequest) checkOwner(acc account) error {
	switch acc.Owner.ID {
	case "":
		return fmt.Errorf("%w: %s", ErrOwnerUnknown, r.WABA)
	case r.Business:
		return nil
	}
	return fmt.Errorf("%w: %s is owned by %s, not by %s", ErrOtherOwner, r.WABA, acc.Owner.ID, r.Business)
}

// checkCurrencyMatches compares currencies once the line pays. Before that, the
// WABA has a default currency, which the share replaces.
func (r ShareRequest) checkCurrencyMatches(s ShareResult) error {
	if !s.Attached || s.Currency == "" || s.Currency == r.Currency {
		return nil
	}
	return fmt.Errorf("%w: %s is invoiced in %s, not in %s", ErrOtherCurrency, r.WABA, s.Currency, r.Currency)
}

// readState reads the WABA and the allocation of the line with its business, at
// the same time.
func (c *Client) readState(ctx context.Context, r ShareRequest) (ShareResult, account, error) {
	var (
		wg      sync.WaitGroup
		found   Allocation
		findErr error
	)
	wg.Go(func() { found, _, findErr = c.FindAllocation(ctx, r.Line, r.Business) })
	acc, err := c.readAccount(ctx, r.WABA)
	wg.Wait()
	if err != nil {
		return ShareResult{}, account{}, err
	}
	return ShareResult{
		Allocation: found, Business: r.Business, Currency: acc.Currency,
		Attached: findErr == nil && isAttached(found, acc), Action: ActionNone,
	}, acc, findErr
}

// readWaits returns the pauses before each read that confirms a write. Meta can
// need moments to show what it has accepted.
func readWaits() []time.Duration {
	return []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second}
}

// waitAttached reads until the line pays for the WABA, a few times. If Meta
// refused the share it reads once, because nothing will change then. Its errors have
// Meta's answers to the post.
func (c *Client) waitAttached(ctx context.Context, r ShareRequest, share ShareResult, post posted) (ShareResult, error) {
	waits := readWaits()
	if post.err != nil && !isOpen(post.err) {
		waits = waits[:1]
	}
	for _, wait := range waits {
		if err := sleep(ctx, wait, "waiting for the line to show at the WABA"); err != nil {
			return share, notAttached(post.answer, post.err, err)
		}
		seen, _, err := c.readState(ctx, r)
		if err != nil {
			err = fmt.Errorf("credit: the share could not be confirmed: %w", err)
			if isOpen(post.err) {
				return share, join(post.err, err, post.answer)
			}
			return share, join(err, post.err, post.answer)
		}
		if seen.Allocation.ID == "" { // not listed yet, but the answer to the post can name it
			seen.Allocation.ID = share.Allocation.ID
		}
		seen.Action = share.Action
		share = seen
		if share.Attached && r.checkCurrencyMatches(share) == nil {
			return share, nil
		}
	}
	if share.Attached {
		return share, join(r.checkCurrencyMatches(share), post.err, post.answer)
	}
	return share, notAttached(post.answer, post.err)
}

// isOpen reports whether a failed write may have taken effect: its answer was
// lost, or Meta did it and failed to read it back.
func isOpen(err error) bool {
	return errors.Is(err, graph.ErrOutcomeUnknown) || errors.Is(err, graph.ErrReadAfterWrite)
}

// sleep waits, or fails when the context ends.
func sleep(ctx context.Context, d time.Duration, wait string) error {
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		return interrupted(ctx, wait)
	}
	return nil
}
