package main

import (
	"context"
	"errors"
	"strings"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// onboarding is one client on its way.
type onboarding struct {
	to   *target.Target
	opts options
	ask  target.Asker
	*story
	calls *meter.Meter

	signups *signup.Client
	// partner calls with our system user's token, client with the token from
	// the signup once it is there.
	partner, client *wagraph.Client
	token           signup.Token
	granted         signup.Grants
	accounts        []*account
}

// account is a WABA that the client shared, as it was last read.
type account struct {
	waba.Account
	numbers []phonenumbers.Number
	share   credit.ShareResult
	// attached is true once what pays for the WABA is our line.
	attached bool
	report   onboard.Diagnosis
}

func newOnboarding(to *target.Target, opts options, ask target.Asker, calls *meter.Meter, tale *story) *onboarding {
	return &onboarding{
		to: to, opts: opts, ask: ask, calls: calls, story: tale,
		signups: signup.New(to.Graph, to.App), partner: to.Graph, client: to.Graph,
	}
}

// run takes the steps in their order. Each looks before it acts, so that a run
// may be repeated; the first that fails ends it.
func (o *onboarding) run(ctx context.Context) error {
	for _, step := range []struct {
		name, purpose string
		do            func(context.Context) error
	}{
		{"exchange", "the signup's code for the client's token", o.exchange},
		{"inspect", "what the token is good for", o.inspect},
		{"confirm", "what the client shared, by reading it", o.confirm},
		{"subscribe", "our app to the webhooks of the WABA", o.each(o.subscribe)},
		{"assign", "our system user to the WABA", o.each(o.assign)},
		{"share", "our credit line with the client", o.each(o.shareLine)},
		{"register", "the number with the Cloud API", o.each(o.register)},
		{"check", "everything, by reading it back", o.each(o.check)},
	} {
		before := o.calls.Count()
		o.begin(step.name, step.purpose)
		err := step.do(ctx)
		o.end(o.calls.Count().Since(before), err)
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *onboarding) each(do func(context.Context, *account) error) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, acc := range o.accounts {
			if err := do(ctx, acc); err != nil {
				return err
			}
		}
		return nil
	}
}

// exchange turns the code into the client's token. It is sent once, whatever
// happens, and what it answers is the first thing that a backend keeps.
func (o *onboarding) exchange(ctx context.Context) error {
	switch {
	case o.opts.code.IsZero() && o.opts.accessToken.IsZero():
		o.say("no code: goes on with our system user's token")
		return nil
	case o.opts.dryRun && o.opts.accessToken.IsZero():
		o.say("would exchange the code, once; reads with our system user's token instead")
		return nil
	}
	if o.opts.accessToken.IsZero() {
		o.say("sent once: a code lives 30 seconds, and works once")
	}
	var err error
	o.token, err = o.signups.Redeem(ctx, signup.Callback{Code: o.opts.code, AccessToken: o.opts.accessToken})
	if err != nil {
		return err
	}
	switch {
	case o.token.User:
		o.say("nothing to exchange: the callback gave a token of a person")
	case o.token.Expires.IsZero():
		o.meta("a business token that does not expire")
	default:
		o.meta("a business token that expires")
	}
	return nil
}

// inspect asks what the token is good for. What it grants is the truth about
// what the client shared; what the browser says is a claim.
func (o *onboarding) inspect(ctx context.Context) error {
	if o.token.Access.IsZero() {
		o.say("no token of the client's to inspect")
		return nil
	}
	info, err := o.signups.Debug(ctx, o.token.Access)
	if err != nil {
		return err
	}
	if err := info.Err(); err != nil {
		return err
	}
	o.granted = info.Grants()
	o.meta("%s, valid, of app %s", info.Type, info.AppID)
	o.meta("grants %s", strings.Join(o.granted.Scopes, ", "))
	for _, id := range o.granted.WABAs {
		o.meta("on WABA %s", id)
	}
	if o.granted.Unrestricted {
		o.meta("on every WABA of the client: the one that was claimed is confirmed by reading")
	}
	return o.choose()
}

var (
	errNoWABA     = errors.New("the token names no WABA, and -waba claims none")
	errNotGranted = errors.New("the WABA of -waba is not among those that the token grants")
)

// choose takes the WABA that was claimed if the grants allow it, otherwise all
// that were granted: a client that shares several means all of them.
func (o *onboarding) choose() error {
	switch claimed := o.opts.waba; {
	case claimed != "" && !o.granted.Names(claimed) && !o.granted.Unrestricted:
		return errNotGranted
	case claimed == "" && len(o.granted.WABAs) == 0:
		return errNoWABA
	}
	return nil
}

func (o *onboarding) chosen() []wagraph.WABAID {
	if o.opts.waba != "" {
		return []wagraph.WABAID{o.opts.waba}
	}
	return o.granted.WABAs
}
