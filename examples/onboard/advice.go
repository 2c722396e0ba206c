package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// failed returns the error of a record that has failed: the reason that the record
// keeps, and what a person has to do about it.
func (a *account) failed(record onboard.Record, doc *recordDoc, opts options) error {
	var calls []callDoc
	if len(doc.Steps) > 0 {
		calls = doc.Steps[len(doc.Steps)-1].Calls
	}
	for _, step := range record.Steps {
		if step.State != onboard.StepFailed || !step.Essential {
			continue
		}
		err := error(step.Kind)
		if step.Kind == "" {
			err = nil
		}
		return &cli.StopError{Err: recorded{step.Reason, err}, Next: stepAdvice(record, step, calls, opts)}
	}
	return &cli.StopError{Err: fmt.Errorf("the record is %s", record.State)}
}

// recorded is an error as a record keeps it: its text and its kind.
type recorded struct {
	text string
	kind error
}

func (e recorded) Error() string { return e.text }
func (e recorded) Unwrap() error { return e.kind }

// postponed returns the error of a run whose record has to wait.
func (a *account) postponed(record onboard.Record, doc *recordDoc, opts options) error {
	due, _ := record.Due()
	doc.Due = due
	step := next(record)
	if step == nil {
		return &cli.StopError{Err: fmt.Errorf("the record is %s", record.State), Exit: cli.ExitLater}
	}
	text := fmt.Sprintf("not finished: %s is tried again %s", step.Name, when(due))
	if leased(record) {
		text = fmt.Sprintf("not finished: a run that was killed has a lease on the record, which ends %s", when(due))
	} else if step.Reason != "" {
		text = fmt.Sprintf("not finished: %s is tried again %s, because of: %s", step.Name, when(due), step.Reason)
	}
	return &cli.StopError{Err: recorded{text, nil}, Next: later(opts), Exit: cli.ExitLater}
}

// later says how to do the rest.
func later(opts options) string {
	if opts.state == "" {
		return "this run kept everything in memory. A backend keeps its records in a store, and its worker does the steps that are due. " +
			"To see it go on, give a longer -wait."
	}
	return fmt.Sprintf("run again with -state %s at that time, without the code, or give a longer -wait.", opts.state)
}

// again says how to go on with the same record.
func again(opts options) string {
	if opts.state == "" {
		return "a backend calls Flow.Resume, which goes on after the steps that are done."
	}
	return fmt.Sprintf("run again with -state %s -resume: steps that are done are not done again.", opts.state)
}

const newSignup = "have the client go through the signup again."

// stepAdvice says what to do about a step that failed. The error itself says what
// went wrong and what the server wants.
func stepAdvice(record onboard.Record, step onboard.StepRecord, calls []callDoc, opts options) string {
	switch {
	case record.State == onboard.StateNeedsNewSignup:
		return newSignup + " Hand the code over within 30 seconds of the callback."
	case step.Kind == graph.ErrAuth:
		return renew(step, calls, opts)
	case step.Name == onboard.StepConfirm:
		return "ask the client which WABA it shares; take -waba from the session event of this signup. If the WABA is not shared any more, " + newSignup
	case step.Name == onboard.StepRegister && wrote(calls):
		return "if the number has a two-step PIN, ask the client for it, or have it reset in WhatsApp Manager; five wrong ones in a row lock the number. " +
			"Put it into " + pinVariable + ". Then " + again(opts)
	}
	return "once the reason is gone, " + again(opts)
}

func wrote(calls []callDoc) bool {
	return slices.ContainsFunc(calls, func(c callDoc) bool { return c.Method != http.MethodGet })
}

// renew says what to do about a token that the server refuses. A new token of the
// client needs a new signup; the partner replaces its own token without the client.
func renew(step onboard.StepRecord, calls []callDoc, opts options) string {
	switch step.Name {
	case onboard.StepInspect, onboard.StepToken: // an answer about the client's token, or a refusal of the app's
		if len(calls) > 0 && calls[len(calls)-1].Status != http.StatusOK {
			return "make sure that " + target.AppID + " and " + target.AppSecret + " belong to the same app. Then " + again(opts)
		}
	case onboard.StepAssign, onboard.StepShare:
		return "the server refuses our own token, not the client's: put a new token of the system user into " + target.Token + ". Then " + again(opts)
	}
	return "nothing can be done with the client's token any more: " + newSignup
}

// advice says what to do about an error of the run itself.
func advice(err error, opts options) string {
	switch {
	case errors.Is(err, cli.ErrDeclined):
		return "nothing was billed or registered. To be asked again, run the same command."
	case errors.Is(err, vault.ErrSealBroken):
		return "the key of the vault is not the one that sealed this state: give the right " + vaultKey + " or key file."
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		if opts.state == "" {
			return "this run was interrupted, and kept everything in memory."
		}
		return "run the same command again: it goes on where it stopped."
	}
	return "once the reason is gone, run the same command again: steps that are done are not done again."
}
