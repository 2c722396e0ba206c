package onboard

import (
	"context"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup"
)

// AddClaim adds what the page's event said to a signup that began without it: the
// code is exchanged at once, and the event may come after the code. It only adds
// to the record's claim. Once the accounts are confirmed it changes nothing, and
// returns the record unchanged.
//
// If the confirmation failed before because nothing was claimed, call Resume.
// Errors: ErrNoRecord; ErrOtherTenant; ErrBusy while a worker holds the record.
func (f *Flow) AddClaim(ctx context.Context, id string, tenant signup.Tenant, claim signup.Claim, variant signup.Variant) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
	record, err := f.cfg.Store.Get(ctx, id)
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
	// The token's step may wait for the claim.
	if step := record.Step(StepToken, ""); step != nil && step.State == StepOpen {
		step.NotBefore = time.Time{}
	}
	return f.update(ctx, record)
}

// mergeClaim adds what more says to a claim, and removes nothing from it.
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
