package main

import (
	"errors"
	"fmt"
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
		return "do not send the code again: it is as good as used. If the client's WABA is among those of examples/list-certificates, " + o.again()
	case errors.Is(err, wrongPIN):
		return "ask the client for the number's PIN, or have it reset in WhatsApp Manager. Five wrong ones in a row lock it. Then " + o.again()
	case errors.Is(err, registerLock):
		return "wait 72 hours without trying: each try counts. Then " + o.again()
	case errors.Is(err, wagraph.ErrThrottled):
		return o.later(err) + o.again()
	case errors.Is(err, wagraph.ErrAuth) && !o.at("exchange"):
		return "nothing can be done with this token any more. Have the client go through the signup again."
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

// later says how long to wait.
func (o *onboarding) later(err error) string {
	if e, ok := errors.AsType[*wagraph.Error](err); ok && e.RetryAfter > 0 {
		return fmt.Sprintf("nothing was processed. Wait %s: calls in between make it longer. Then ", strings.TrimSuffix(e.RetryAfter.Round(time.Minute).String(), "0s"))
	}
	return "nothing was processed. Wait some minutes, then "
}

// again is how to go on: the code is used up, and what was done is seen.
func (o *onboarding) again() string {
	waba := "ID"
	if len(o.accounts) > 0 {
		waba = string(o.accounts[0].ID)
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
