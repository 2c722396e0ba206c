package onboard

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// check reads everything again, and opens the steps whose effect is not there.
func (j *job) check(ctx context.Context) (func(*Record), error) {
	client, err := j.flow.assetClient(ctx, j.record)
	if err != nil {
		return nil, err
	}
	looks := make([]look, len(j.record.Accounts))
	var reads []func() error
	for i, account := range j.record.Accounts {
		reads = append(reads, func() (err error) {
			looks[i], err = j.lookAt(ctx, client, account.ID)
			return err
		})
	}
	if err := sideBySide("the step check", reads...); err != nil {
		return nil, err
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

// compare returns the steps that were done and whose effect is not there, and an
// error that lists what is wrong. It does not register a number again: connecting
// takes minutes, and Meta counts registrations. The check is repeated instead.
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
	return reopen, joined(problems...)
}

// look is what check reads of a WABA.
type look struct {
	account    waba.Account
	numbers    []phonenumbers.Number
	subscribed bool
}

func (j *job) lookAt(ctx context.Context, client *graph.Client, id graph.WABAID) (seen look, err error) {
	sub := &job{flow: j.flow, step: StepRecord{Subject: string(id)}}
	err = sideBySide("the step check", func() (err error) {
		seen.account, err = readAccount(ctx, client, id)
		return err
	}, func() (err error) {
		_, seen.subscribed, err = sub.subscription(ctx, client)
		return err
	}, func() (err error) {
		seen.numbers, err = readNumbers(ctx, client, id)
		return err
	})
	return seen, err
}
