package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/waba"
)

var (
	errNoWABA     = errors.New("the token names no WABA, and -waba claims none")
	errNotGranted = errors.New("the WABA of -waba is not among those that the token grants")
)

// dryRun reads what a signup shared, and says what would be done. It keeps no
// record, and exchanges no code.
func (b *backend) dryRun(ctx context.Context) error {
	doc := &recordDoc{Tenant: b.opts.tenant, Steps: []stepDoc{}, Accounts: []wabaDoc{}}
	b.account.doc.Records = append(b.account.doc.Records, doc)
	grants, err := b.readGrants(ctx)
	if err != nil {
		return err
	}
	ids := b.opts.claim.WABAs
	switch {
	case len(ids) == 0:
		ids = grants.WABAs
	case !grants.Unrestricted && !grants.Names(ids[0]):
		return errNotGranted
	}
	if len(ids) == 0 {
		return errNoWABA
	}
	for _, id := range ids {
		read, err := b.inspect(ctx, id, graph.Secret{})
		if err != nil {
			return err
		}
		doc.Accounts = append(doc.Accounts, read)
		if err := b.would(ctx, read); err != nil {
			return err
		}
	}
	return nil
}

// readGrants asks what the callback's token grants. Without a token nothing
// limits the claim: the partner's own token reads it.
func (b *backend) readGrants(ctx context.Context) (signup.Grants, error) {
	a, token := b.account, b.opts.callback.AccessToken
	a.Labelled("   ", cli.Heading, fmt.Sprintf("%-10s", "inspect"), "what the token grants")
	if token.IsZero() {
		a.Line(indent, "a code would be exchanged, once; reads with our system user's token instead")
		return signup.Grants{Unrestricted: true}, nil
	}
	info, err := signup.New(b.to.Client, b.to.App).Debug(ctx, token)
	if err == nil {
		err = info.Err()
	}
	if err != nil {
		return signup.Grants{}, err
	}
	grants := info.Grants()
	a.Labelled(indent, cli.Quoted, a.speaker+":", "a token of type %s, valid, of app %s", info.Type, info.AppID)
	for _, id := range grants.WABAs {
		a.Labelled(indent, cli.Quoted, a.speaker+":", "grants WABA %s", id)
	}
	return grants, nil
}

// would says which steps have something to do for a WABA.
func (b *backend) would(ctx context.Context, read wabaDoc) error {
	a := b.account
	found := func(codes ...onboard.FindingCode) bool {
		return slices.ContainsFunc(read.Findings, func(f findingDoc) bool { return slices.Contains(codes, f.Code) })
	}
	tell := func(step onboard.StepName, open bool, todo, done string) {
		text := done + ": nothing to do"
		if open {
			text = todo
		}
		a.Labelled("   ", cli.Heading, fmt.Sprintf("%-10s", step), "%s", text)
	}
	assigned, err := b.assigned(ctx, read.ID)
	if err != nil {
		return err
	}
	tell(onboard.StepSubscribe, found(onboard.FindingNotSubscribed, onboard.FindingForeignApp),
		fmt.Sprintf("would subscribe app %s to WABA %s", b.to.App.ID, read.ID), "the app is subscribed")
	tell(onboard.StepAssign, !assigned,
		fmt.Sprintf("would assign system user %s", b.to.SystemUser), "the system user is assigned")
	tell(onboard.StepShare, found(onboard.FindingNoFunding, onboard.FindingLineUnattached),
		fmt.Sprintf("would share line %s with business %s, which bills us", b.to.CreditLine, read.BusinessID), "the line pays for it")
	for _, n := range read.Numbers {
		tell(onboard.StepRegister, n.Status != phonenumbers.StatusConnected, "would register "+n.Display, n.Display+" is registered")
	}
	return nil
}

func (b *backend) assigned(ctx context.Context, id graph.WABAID) (bool, error) {
	for user, err := range waba.New(b.to.Client).Users(id, b.to.Business, waba.UserQuery{}).All(ctx) {
		if err != nil {
			return false, err
		}
		if string(user.ID) == string(b.to.SystemUser) {
			return slices.Contains(user.Tasks, waba.TaskManage), nil
		}
	}
	return false, nil
}
