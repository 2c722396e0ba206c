package onboard

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func (j *job) waba() graph.WABAID { return graph.WABAID(j.step.Subject) }

// subscription finds our own app among the subscribers; others may be there.
func (j *job) subscription(ctx context.Context, client *graph.Client) (waba.Subscription, bool, error) {
	for s, err := range waba.New(client).Subscriptions(j.waba()).All(ctx) {
		if err != nil {
			return s, false, err
		}
		if s.App.ID == j.flow.App.ID {
			return s, true, nil
		}
	}
	return waba.Subscription{}, false, nil
}

// subscribe makes the WABA's webhooks arrive. A subscription that is there is
// left alone: subscribing again would remove its callback.
func (j *job) subscribe(ctx context.Context) (func(*Record), error) {
	client, err := j.flow.acting(ctx, j.record)
	if err != nil {
		return nil, err
	}
	if _, found, err := j.subscription(ctx, client); err != nil || found {
		return nil, err
	}
	return nil, waba.New(client).Subscribe(ctx, j.waba())
}

// callback sends the WABA's messages to a callback of their own.
func (j *job) callback(ctx context.Context) (func(*Record), error) {
	if j.flow.Config.Callback == nil {
		return nil, skip{"no callback is configured"}
	}
	client, err := j.flow.acting(ctx, j.record)
	if err != nil {
		return nil, err
	}
	if s, found, err := j.subscription(ctx, client); err != nil || found && s.OverrideCallback == j.flow.Config.Callback.URI {
		return nil, err
	}
	return nil, waba.New(client).SubscribeTo(ctx, j.waba(), *j.flow.Config.Callback)
}

// assign lets our system user work on the WABA. An assignment that grants the
// tasks already stays: a new one would replace whatever else it grants.
func (j *job) assign(ctx context.Context) (func(*Record), error) {
	if j.flow.SystemUser == "" {
		return nil, skip{"no system user is configured"}
	}
	accounts := waba.New(j.flow.Client)
	for user, err := range accounts.Users(j.waba(), j.flow.Business, waba.UserQuery{}).All(ctx) {
		if err != nil {
			return nil, err
		}
		if string(user.ID) == string(j.flow.SystemUser) && grantsAll(user.Tasks, j.flow.Tasks) {
			return nil, nil
		}
	}
	return nil, accounts.Assign(ctx, j.waba(), j.flow.SystemUser, j.flow.Tasks...)
}

func grantsAll(has, wants []waba.Task) bool {
	if slices.Contains(has, waba.TaskManage) {
		return true
	}
	for _, task := range wants {
		if !slices.Contains(has, task) {
			return false
		}
	}
	return true
}

// share has the credit line pay for the WABA; credit.Share looks, posts once
// and confirms.
func (j *job) share(ctx context.Context) (func(*Record), error) {
	account := j.record.Account(j.waba())
	switch {
	case j.flow.Line == "":
		return nil, skip{"no credit line is configured: the client pays Meta itself"}
	case account == nil:
		return nil, skip{"the WABA is no longer part of this record"}
	case j.record.Currency == "":
		return nil, &graph.InputError{Field: "currency", Reason: "is missing: it cannot be changed later, so there is no default"}
	}
	request := credit.ShareRequest{
		Line: j.flow.Line, WABA: account.ID, Business: j.record.Business, Currency: j.record.Currency,
		History: j.flow, Reinstate: j.record.Reinstate,
	}
	if !j.record.TokenOfUser {
		secret, err := j.flow.Vault.Get(ctx, tokenRef(j.record))
		if err != nil {
			return nil, err
		}
		request.ClientToken = signup.Token{Access: secret}
	}
	share, err := j.flow.credit.Share(ctx, request)
	if err != nil {
		return j.afterAssigned(err)
	}
	return func(r *Record) {
		if a := r.Account(account.ID); a != nil {
			a.Allocation, a.Funding, a.Currency = share.Allocation.ID, share.Allocation.Credential.ID, j.record.Currency
		}
	}, nil
}

// afterAssigned takes a refusal for a passing one as long as our system user is
// not on the WABA: Meta wants it there before it lets the user bill. The two
// steps begin at once because an admin needs no assignment.
func (j *job) afterAssigned(err error) (func(*Record), error) {
	assign := j.record.Step(StepAssign, j.step.Subject)
	refused := errors.Is(err, graph.ErrPermission) || errors.Is(err, graph.ErrNotFound)
	if assign == nil || assign.State != StepOpen || !refused {
		return nil, err
	}
	return func(r *Record) { r.Step(StepShare, j.step.Subject).Needs = StepAssign }, later{at: time.Now(), err: err}
}
