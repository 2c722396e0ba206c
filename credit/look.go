package credit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph"
)

// account is a WABA as far as money goes.
type account struct {
	ID       wagraph.WABAID    `json:"id"`
	Funding  wagraph.FundingID `json:"primary_funding_id"`
	Currency string            `json:"currency"`
	Owner    Business          `json:"owner_business_info"`
}

func (c *Client) account(ctx context.Context, id wagraph.WABAID) (account, error) {
	return wagraph.Send(ctx, c.graph, wagraph.Op[account]{Request: wagraph.Request{
		Method: http.MethodGet, Route: routeAccount, IDs: []string{string(id)},
		Query: fieldsParam(wagraph.FieldsOf[account]()),
	}})
}

// attached: the client's funding source from the line pays for the WABA. No
// funding is absent or "0".
func attached(a Allocation, acc account) bool {
	return a.Credential.ID != "" && a.Credential.ID != "0" && a.Credential.ID == acc.Funding
}

// owned refuses a WABA of another business, and one that does not say whose it
// is: the share goes to whoever owns it, not to whom the request names.
func (r ShareRequest) owned(acc account) error {
	switch acc.Owner.ID {
	case "":
		return fmt.Errorf("%w: %s", ErrOwnerUnknown, r.WABA)
	case r.Business:
		return nil
	}
	return fmt.Errorf("%w: %s is owned by %s, not by %s", ErrOtherOwner, r.WABA, acc.Owner.ID, r.Business)
}

// invoiced compares currencies once the line pays. Before that the WABA has the
// default one of its making, which the share replaces.
func (r ShareRequest) invoiced(s Share) error {
	if !s.Attached || s.Currency == "" || s.Currency == r.Currency {
		return nil
	}
	return fmt.Errorf("%w: %s is invoiced in %s, not in %s", ErrOtherCurrency, r.WABA, s.Currency, r.Currency)
}

// look reads the WABA and the line's allocation with its business, both at once.
func (c *Client) look(ctx context.Context, r ShareRequest) (Share, account, error) {
	var (
		wg      sync.WaitGroup
		found   Allocation
		findErr error
	)
	wg.Go(func() { found, _, findErr = c.AllocationFor(ctx, r.Line, r.Business) })
	acc, err := c.account(ctx, r.WABA)
	wg.Wait()
	if err != nil {
		return Share{}, account{}, err
	}
	return Share{
		Allocation: found, Business: r.Business, Currency: acc.Currency,
		Attached: findErr == nil && attached(found, acc), Action: ActionNone,
	}, acc, findErr
}

// confirmWaits are the pauses between looks: a share takes moments to show.
func confirmWaits() []time.Duration {
	return []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second}
}

// confirm looks until the WABA is attached: a few times, but once where Meta
// refused, since nothing is on its way then.
func (c *Client) confirm(ctx context.Context, r ShareRequest, share Share, postErr error) (Share, error) {
	waits := confirmWaits()
	if postErr != nil && !errors.Is(postErr, wagraph.ErrOutcomeUnknown) {
		waits = waits[:1]
	}
	for _, wait := range waits {
		if err := sleep(ctx, wait); err != nil {
			return share, errors.Join(ErrNotAttached, postErr, err)
		}
		seen, _, err := c.look(ctx, r)
		if err != nil {
			return share, errors.Join(fmt.Errorf("credit: the share could not be confirmed: %w", err), postErr)
		}
		if seen.Allocation.ID == "" { // not listed yet; the answer to the post named it
			seen.Allocation.ID = share.Allocation.ID
		}
		seen.Action = share.Action
		share = seen
		if share.Attached && r.invoiced(share) == nil {
			return share, nil
		}
	}
	switch {
	case share.Attached:
		return share, r.invoiced(share)
	case postErr != nil:
		return share, fmt.Errorf("%w: %w", ErrNotAttached, postErr)
	}
	return share, ErrNotAttached
}

func sleep(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
