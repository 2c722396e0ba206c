package onboard

import (
	"context"
	"slices"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

// ClaimRequest is what the page's event said of a signup that began without it.
// Tenant is required, and one of Record and Session.
type ClaimRequest struct {
	Tenant signup.Tenant
	// Record is the id of the record. Or Session is the page's session, as
	// popup.Sessions.Verify returned it: the event may reach a process that did not
	// get the code.
	Record  string
	Session popup.Session
	Claim   signup.Claim
	// Variant is the kind of signup, if the event says it.
	Variant signup.Variant
	// Replace removes the earlier claim instead of adding to it, and the variant
	// too if there is one here. An empty Claim then withdraws it.
	Replace bool
}

// AddClaim adds what the page's event said to a signup that began without it: the
// code is exchanged at once, and the event may come after the code. Once the accounts
// are confirmed it changes nothing, and returns the record unchanged. A worker that
// has the record takes the claim over.
//
// If the confirmation failed before, because nothing or something wrong was claimed,
// call Resume afterwards. Errors: ErrNoRecord, also if no code came for the session
// yet; ErrOtherTenant; an InputError; the errors of the Store.
func (f *Flow) AddClaim(ctx context.Context, r ClaimRequest) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
	if err := checkVariant(r.Variant); err != nil {
		return Record{}, err
	}
	id, err := f.claimedRecord(ctx, r)
	if err != nil {
		return Record{}, err
	}
	return f.edit(ctx, id, func(record *Record) (bool, error) {
		switch {
		case record.Tenant != r.Tenant:
			return false, ErrOtherTenant
		case record.State.Final() || record.Step(StepConfirm, "").over():
			return false, nil
		}
		record.take(r)
		return true, nil
	})
}

// claimedRecord returns the id of the record that a request is about.
func (f *Flow) claimedRecord(ctx context.Context, r ClaimRequest) (string, error) {
	switch {
	case (r.Record == "") == (r.Session.ID == ""):
		return "", badField("claim", "names a record and a session, or neither")
	case r.Record != "":
		return r.Record, nil
	case r.Session.Tenant != r.Tenant:
		return "", ErrOtherTenant
	}
	for record, err := range f.cfg.Store.List(ctx, Filter{Session: sessionKey(r.Session)}) {
		if err != nil {
			return "", err
		}
		if record.App == f.cfg.App.ID {
			return record.ID, nil
		}
	}
	return "", ErrNoRecord
}

// take writes a claim into the record.
func (r *Record) take(request ClaimRequest) {
	if request.Replace {
		r.Claim = signup.Claim{}
	}
	mergeClaim(&r.Claim, request.Claim)
	if request.Variant != "" && (request.Replace || r.Variant == signup.VariantCloud) {
		r.Variant = request.Variant
	}
	r.claimed()
}

// claimed ends the waits of the steps that may wait for a claim.
func (r *Record) claimed() {
	for _, name := range []StepName{StepToken, StepConfirm} {
		if step := r.Step(name, ""); step != nil && step.State == StepOpen {
			step.NotBefore = zeroTime
		}
	}
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
