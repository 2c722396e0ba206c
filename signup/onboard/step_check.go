package onboard

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// check reads everything back once more, and opens again what is not there.
func (j *job) check(ctx context.Context) (func(*Record), error) {
	client, err := j.flow.acting(ctx, j.record)
	if err != nil {
		return nil, err
	}
	looks := make([]look, len(j.record.Accounts))
	var wg sync.WaitGroup
	for i, account := range j.record.Accounts {
		wg.Go(func() { looks[i] = j.lookAt(ctx, client, account.ID) })
	}
	wg.Wait()
	for i := range looks {
		if looks[i].err != nil {
			return nil, looks[i].err
		}
	}
	reopen, wrong := j.compare(looks)
	return func(r *Record) {
		for _, l := range looks {
			if account := r.Account(l.account.ID); account != nil {
				account.Funding, account.Name = l.account.PrimaryFundingID, l.account.Name
			}
			for _, n := range l.numbers {
				r.see(n)
			}
		}
		for _, step := range reopen {
			again := r.Step(step.Name, step.Subject)
			again.State, again.NotBefore, again.Reason = StepOpen, time.Time{}, "was done, and is no longer there"
		}
	}, wrong
}

// compare lists the steps that were done and whose effect is not there, and
// says what is wrong. What is wrong is looked at again, at growing intervals: a
// number takes minutes to be connected, and a second registration would be counted.
func (j *job) compare(looks []look) (reopen []StepRecord, wrong error) {
	var problems []error
	for _, l := range looks {
		subject := string(l.account.ID)
		if step := j.record.Step(StepSubscribe, subject); step != nil && step.State == StepDone && !l.subscribed {
			reopen = append(reopen, *step)
			problems = append(problems, fmt.Errorf("WABA %s is not subscribed", subject))
		}
		account := j.record.Account(l.account.ID)
		if step := j.record.Step(StepShare, subject); step != nil && step.State == StepDone && account.Funding != l.account.PrimaryFundingID {
			reopen = append(reopen, *step)
			problems = append(problems, fmt.Errorf("the credit line does not pay for WABA %s", subject))
		}
		for _, n := range l.numbers {
			step := j.record.Step(StepRegister, string(n.ID))
			if step != nil && step.State == StepDone && j.record.Variant != signup.VariantOnPremises && !n.CanSend() {
				problems = append(problems, fmt.Errorf("number %s is %s", n.DisplayPhoneNumber, n.Status))
			}
		}
	}
	return reopen, errors.Join(problems...)
}

// look is what check reads of a WABA.
type look struct {
	account    waba.Account
	numbers    []phonenumbers.Number
	subscribed bool
	err        error
}

func (j *job) lookAt(ctx context.Context, client *graph.Client, id graph.WABAID) look {
	var (
		seen       look
		subErr, ne error
		wg         sync.WaitGroup
	)
	sub := &job{flow: j.flow, step: StepRecord{Subject: string(id)}}
	wg.Go(func() { _, seen.subscribed, subErr = sub.subscription(ctx, client) })
	wg.Go(func() {
		query := phonenumbers.Query{Fields: phonenumbers.StatusFields()}
		seen.numbers, ne = graph.Collect(phonenumbers.New(client).List(id, query).All(ctx), 0)
	})
	seen.account, seen.err = readAccount(ctx, client, id)
	wg.Wait()
	seen.err = errors.Join(seen.err, subErr, ne)
	return seen
}
