package onboard

import (
	"context"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup"
)

// AddClaim adds what the page's event said to a signup that began without it: the
// code is exchanged the moment it comes, and the event may come after. What the
// record claims already stays. Once the accounts are confirmed a claim changes
// nothing any more, and the record is returned as it is.
//
// If the confirmation had failed because nothing was claimed, Resume it then.
// Errors: ErrOtherTenant; ErrBusy while a worker has the record.
func (f *Flow) AddClaim(ctx context.Context, id string, tenant signup.Tenant, claim signup.Claim, variant signup.Variant) (Record, error) {
	record, err := f.Store.Get(ctx, id)
	switch {
	case err != nil:
		return record, err
	case record.Tenant != tenant:
		return Record{}, ErrOtherTenant
	case record.State.Final() || record.Step(StepConfirm, "").over():
		return record, nil
	case record.leased(time.Now()):
		return record, ErrBusy
	}
	mergeClaim(&record.Claim, claim)
	if variant != "" && record.Variant == signup.VariantCloud {
		record.Variant = variant
	}
	// The token's step may be waiting for just this.
	if step := record.Step(StepToken, ""); step.State == StepOpen {
		step.NotBefore = time.Time{}
	}
	return f.update(ctx, record)
}

// mergeClaim adds what more says to a claim; what is claimed already stays.
func mergeClaim(c *signup.Claim, more signup.Claim) {
	if c.Business == "" {
		c.Business = more.Business
	}
	if c.Solution == "" {
		c.Solution = more.Solution
	}
	c.WABAs = union(c.WABAs, more.WABAs)
	c.Numbers = union(c.Numbers, more.Numbers)
	c.PreVerified = union(c.PreVerified, more.PreVerified)
}

func union[T comparable](list, more []T) []T {
	for _, item := range more {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}
