package onboard

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func (j *job) waba() graph.WABAID { return graph.WABAID(j.step.Subject) }

// subscription returns the subscription of Config.App, and whether there is one.
// Other apps may be subscribed too.
func (j *job) subscription(ctx context.Context, client *graph.Client) (waba.Subscription, bool, error) {
	for s, err := range waba.New(client).Subscriptions(j.waba()).All(ctx) {
		if err != nil {
			return s, false, err
		}
		if s.App.ID == j.flow.cfg.App.ID {
			return s, true, nil
		}
	}
	return waba.Subscription{}, false, nil
}

// subscribe subscribes the app to the WABA's webhooks, unless it is subscribed: to
// subscribe again would remove its callback.
func (j *job) subscribe(ctx context.Context) (func(*Record), error) {
	client, err := j.flow.assetClient(ctx, j.record)
	if err != nil {
		return nil, err
	}
	if _, found, err := j.subscription(ctx, client); err != nil || found {
		return nil, err
	}
	if err := j.still(); err != nil {
		return nil, err
	}
	return nil, waba.New(client).Subscribe(ctx, j.waba())
}

// callback sends the WABA's message webhooks to Config.Callback.
func (j *job) callback(ctx context.Context) (func(*Record), error) {
	if j.flow.cfg.Callback == nil {
		return nil, skip{"no callback is configured"}
	}
	client, err := j.flow.assetClient(ctx, j.record)
	if err != nil {
		return nil, err
	}
	if s, found, err := j.subscription(ctx, client); err != nil || found && s.OverrideCallback == j.flow.cfg.Callback.URI {
		return nil, err
	}
	if err := j.still(); err != nil {
		return nil, err
	}
	return nil, waba.New(client).SubscribeTo(ctx, j.waba(), *j.flow.cfg.Callback)
}

// assign assigns Config.SystemUser to the WABA, unless the user has the tasks
// already: a new assignment would remove the user's other tasks.
func (j *job) assign(ctx context.Context) (func(*Record), error) {
	if j.flow.cfg.SystemUser == "" {
		return nil, skip{"no system user is configured"}
	}
	accounts := waba.New(j.flow.cfg.Client)
	for user, err := range accounts.Users(j.waba(), j.flow.cfg.Business, waba.UserQuery{}).All(ctx) {
		if err != nil {
			return nil, err
		}
		if string(user.ID) == string(j.flow.cfg.SystemUser) && grantsAll(user.Tasks, j.flow.cfg.Tasks) {
			return nil, nil
		}
	}
	if err := j.still(); err != nil {
		return nil, err
	}
	return nil, accounts.Assign(ctx, j.waba(), j.flow.cfg.SystemUser, j.flow.cfg.Tasks...)
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

// share shares the credit line with the WABA. credit.Share reads first, posts at
// most once, and confirms. A WABA that this record has shared keeps its currency.
func (j *job) share(ctx context.Context) (func(*Record), error) {
	account, currency := j.record.Account(j.waba()), j.record.Currency
	if account != nil && account.Allocation != "" {
		currency = cmp.Or(account.Currency, currency)
	}
	switch {
	case j.flow.cfg.Line == "":
		return nil, skip{"no credit line is configured: the client pays Meta itself"}
	case account == nil:
		return nil, skip{"the WABA is no longer part of this record"}
	case currency == "":
		return nil, badField("currency", "is missing, and Meta does not change it later: set it with SetCurrency, then Resume")
	}
	request := credit.ShareRequest{
		Line: j.flow.cfg.Line, WABA: account.ID, Business: j.record.Business, Currency: currency,
		History: history{j}, Reinstate: j.record.Reinstate,
	}
	if !j.record.TokenOfUser {
		secret, err := j.flow.cfg.Vault.Get(ctx, tokenRef(j.record))
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
			a.Allocation, a.Funding, a.Currency = share.Allocation.ID, share.Allocation.Credential.ID, currency
		}
	}, nil
}

// afterAssigned makes the share wait for the assignment if Meta refused it and
// Config.SystemUser is not assigned yet: Meta requires that of an employee. An admin
// needs no assignment, and so the two steps begin at the same time.
func (j *job) afterAssigned(err error) (func(*Record), error) {
	assign := j.record.Step(StepAssign, j.step.Subject)
	refused := errors.Is(err, graph.ErrPermission) || errors.Is(err, graph.ErrNotFound)
	if assign == nil || assign.State != StepOpen || !refused {
		return nil, err
	}
	return func(r *Record) { r.Step(StepShare, j.step.Subject).Needs = StepAssign }, later{at: j.now(), err: err}
}

// history is asked by credit.Share before it posts.
type history struct{ *job }

// Revoked reports whether the line was revoked from the business, as the records say.
func (h history) Revoked(ctx context.Context, line graph.CreditLineID, business graph.BusinessID) (bool, error) {
	if err := h.still(); err != nil {
		return false, err
	}
	return h.flow.Revoked(ctx, line, business)
}
