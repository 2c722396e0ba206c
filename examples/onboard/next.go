package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
)

// Numbers of Meta's that have a next step of their own.
const (
	codeExpired  = wagraph.Code(36007)
	codeUsed     = wagraph.Code(36009)
	wrongPIN     = wagraph.Code(133005)
	registerLock = wagraph.Code(133016)
)

// next is what to do about the error that ended the run. The error itself says
// what went wrong and what Meta wants; this is about running the program again.
func (o *onboarding) next(err error) string {
	switch {
	case errors.Is(err, target.ErrDeclined):
		return "nothing was billed or registered in this step. To go on, " + o.again()
	case errors.Is(err, codeExpired):
		return "send the client through the signup again, and hand the code over within 30 seconds of the callback."
	case errors.Is(err, codeUsed):
		return "whoever exchanged it first has the token. Without it, " + o.again()
	case o.at("exchange") && errors.Is(err, wagraph.ErrOutcomeUnknown):
		return "do not send the code again: it is as good as used. " +
			"If the client's WABA is among those of examples/list-certificates, " + o.again()
	case o.at("exchange"):
		return unused(err)
	case errors.Is(err, wrongPIN):
		return "ask the client for the number's PIN, or have it reset in WhatsApp Manager. " +
			"Five wrong ones in a row lock it. Then " + o.again()
	case errors.Is(err, registerLock):
		return "wait 72 hours without trying: each try counts. Then " + o.again()
	case errors.Is(err, wagraph.ErrThrottled):
		return o.later(err) + o.again()
	case errors.Is(err, wagraph.ErrAuth):
		return o.renew(err)
	case errors.Is(err, wagraph.ErrNotFound):
		return "ask the client whether it still shares the WABA; if not, it has to go through the signup again."
	case errors.Is(err, errNotGranted), errors.Is(err, errNoWABA):
		return "take -waba from the session event of this very signup: an id from elsewhere may be another client's."
	case errors.Is(err, credit.ErrNotAttached):
		return "Meta may still be at it: examples/share-credit check looks again. Do not share again before that."
	}
	return "once the reason is gone, " + o.again()
}

// at tells whether the run ended in the step.
func (o *onboarding) at(name string) bool { return len(o.doc.Steps) > 0 && o.step().Name == name }

// codeLife is how long after the callback a code can be exchanged.
const codeLife = 30 * time.Second

// unused is for an exchange that was never sent, or not processed: the code is
// still good, but not for long.
func unused(err error) string {
	const or = "After that the client has to go through the signup again."
	switch e, _ := errors.AsType[*wagraph.Error](err); {
	case e != nil && e.RetryAfter > codeLife:
		return fmt.Sprintf("the code was not used, but will not outlive the wait. In %s, have the client go through the signup again.", minutes(e.RetryAfter))
	case errors.Is(err, wagraph.ErrAuth):
		return "see that " + target.AppID + " and " + target.AppSecret + " are those of one app. The code was not used: " +
			"run the same command again within 30 seconds of the callback. " + or
	case errors.Is(err, wagraph.ErrTransient), errors.Is(err, wagraph.ErrThrottled), errors.Is(err, wagraph.ErrInterrupted), errors.Is(err, wagraph.ErrInput):
		return "the code was not used: run the same command again within 30 seconds of the callback. " + or
	}
	return "once the reason is gone, run the same command again, if it is still within 30 seconds of the callback. " + or
}

// renew is about a token that is refused: the partner's is not the client's
// business, and only the client can give another one of its own.
func (o *onboarding) renew(err error) string {
	e, ok := errors.AsType[*wagraph.Error](err)
	if !ok {
		e = &wagraph.Error{}
	}
	var clients bool
	switch o.step().Name {
	case "inspect": // an answer about the client's token, or a refusal of the app's
		if e.Status != http.StatusOK {
			return "see that " + target.AppID + " and " + target.AppSecret + " are those of one app. Then run the same command again."
		}
		clients = true
	case "confirm": // the numbers are read with ours, the account with the client's
		clients = !o.token.Access.IsZero() && e.Route == "/{waba-id}"
	case "subscribe", "register":
		clients = o.client != o.partner
	}
	if clients {
		return "nothing can be done with the client's token any more. Have the client go through the signup again."
	}
	return "it is our own token that is refused, not the client's: put a fresh one of the system user into " + target.Token + ". Then " + o.again()
}

// later says how long to wait.
func (o *onboarding) later(err error) string {
	if e, ok := errors.AsType[*wagraph.Error](err); ok && e.RetryAfter > 0 {
		return fmt.Sprintf("nothing was processed. Wait %s: calls in between make it longer. Then ", minutes(e.RetryAfter))
	}
	return "nothing was processed. Wait some minutes, then "
}

func minutes(d time.Duration) string { return strings.TrimSuffix(d.Round(time.Minute).String(), "0s") }

// again is how to go on: the code is used up, and what was done is seen.
func (o *onboarding) again() string {
	waba := "ID"
	switch chosen := o.chosen(); {
	case len(o.accounts) > 0:
		waba = string(o.accounts[0].ID)
	case len(chosen) > 0:
		waba = string(chosen[0])
	}
	return fmt.Sprintf("run again with -waba %s instead of the code: steps that are done are seen and skipped.", waba)
}

// codes are Meta's numbers, 0 if the error has none.
func codes(err error) (code, subcode int) {
	if e, ok := errors.AsType[*wagraph.Error](err); ok {
		return e.Code, e.Subcode
	}
	return 0, 0
}
