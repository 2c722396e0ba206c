package main

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// stepTitle names a step, with its subject if the record has several of that name.
func stepTitle(record onboard.Record, step onboard.StepRecord) string {
	same := 0
	for _, other := range record.Steps {
		if other.Name == step.Name {
			same++
		}
	}
	if same > 1 {
		return string(step.Name) + " " + step.Subject
	}
	return string(step.Name)
}

// purpose says what a step is for.
func purpose(step onboard.StepRecord) string {
	switch step.Name {
	case onboard.StepToken:
		return "the signup's code for the client's token"
	case onboard.StepInspect:
		return "what the token grants"
	case onboard.StepConfirm:
		return "what the client shared, by reading it"
	case onboard.StepApprove:
		return "a person's yes, before the first write"
	case onboard.StepSubscribe:
		return "our app to the webhooks of WABA " + step.Subject
	case onboard.StepAssign:
		return "our system user to WABA " + step.Subject
	case onboard.StepShare:
		return "our credit line with the client, for WABA " + step.Subject
	case onboard.StepRegister:
		return "number " + step.Subject + " with the Cloud API"
	case onboard.StepCheck:
		return "everything, by reading it back"
	}
	return step.Subject
}

// facts is what a step did, and what the server answered: the record has both,
// and the calls say whether anything was written.
func (a *account) facts(record onboard.Record, step onboard.StepRecord, calls []callDoc) (did, answers []string) {
	wrote := slices.ContainsFunc(calls, func(c callDoc) bool { return c.Method != http.MethodGet })
	before := func(done, already string) []string {
		if wrote {
			return []string{done}
		}
		return []string{already + ": nothing to do"}
	}
	switch step.Name {
	case onboard.StepToken:
		return tokenFacts(record), nil
	case onboard.StepInspect:
		return nil, inspectFacts(record)
	case onboard.StepConfirm:
		return nil, confirmFacts(record)
	case onboard.StepApprove:
		if a.asks {
			return []string{"approved"}, nil
		}
		return []string{"no question: nothing is billed here"}, nil
	case onboard.StepSubscribe:
		return before("the app was not subscribed; done", "the app was subscribed before"), nil
	case onboard.StepAssign:
		return before("the system user was not assigned; done", "the system user was assigned before"), nil
	case onboard.StepShare:
		return shareFacts(record, step, calls, before)
	case onboard.StepRegister:
		return registerFacts(record, step, wrote), nil
	case onboard.StepCheck:
		return nil, checkFacts(record)
	}
	return nil, nil
}

func tokenFacts(record onboard.Record) []string {
	switch {
	case record.TokenFetched:
		return []string{"the exchange gave no token, and a code works once: fetched the token of the client's business instead", "sealed in the vault"}
	case record.TokenOfUser:
		return []string{"the callback gave a token of a person: nothing to exchange", "sealed in the vault"}
	}
	return []string{"exchanged once: a code lives 30 seconds, and works once", "sealed in the vault, before anything else"}
}

func inspectFacts(record onboard.Record) []string {
	life := "valid, and does not expire"
	if !record.TokenExpires.IsZero() {
		life = "valid, and expires on " + record.TokenExpires.UTC().Format(time.DateOnly)
	}
	facts := []string{life}
	for _, id := range record.Granted {
		facts = append(facts, fmt.Sprintf("grants WABA %s", id))
	}
	if record.Unrestricted {
		facts = append(facts, "grants every WABA of the client: the claimed ones are confirmed by reading")
	}
	return facts
}

func confirmFacts(record onboard.Record) (facts []string) {
	for _, waba := range record.Accounts {
		facts = append(facts, fmt.Sprintf("WABA %s, %q, of business %s", waba.ID, waba.Name, waba.Business))
		none := true
		for _, n := range record.Numbers {
			if n.WABA == waba.ID {
				facts = append(facts, fmt.Sprintf("number %s, %s, %s", n.ID, n.Display, connected(n)))
				none = false
			}
		}
		if none {
			facts = append(facts, "no number yet")
		}
	}
	return facts
}

func connected(n onboard.NumberRecord) string {
	switch {
	case n.OnBusinessApp:
		return "registered by the Business app"
	case n.Connected:
		return "connected"
	}
	return "not registered"
}

func shareFacts(record onboard.Record, step onboard.StepRecord, calls []callDoc, before func(done, already string) []string) (did, answers []string) {
	lost := slices.ContainsFunc(calls, func(c callDoc) bool { return c.Method != http.MethodGet && c.Kind == graph.ErrOutcomeUnknown })
	did = before("the line was not shared with the client; shared once, in "+record.Currency, "the line paid for it before")
	if lost {
		did = []string{"the answer was lost; not sent again, but read: the share had taken effect"}
	}
	if waba := record.Account(graph.WABAID(step.Subject)); waba != nil && waba.Allocation != "" {
		answers = append(answers, fmt.Sprintf("allocation %s, by reading it back", waba.Allocation))
	}
	return did, answers
}

func registerFacts(record onboard.Record, step onboard.StepRecord, wrote bool) []string {
	n := record.Number(graph.PhoneNumberID(step.Subject))
	switch {
	case n == nil:
		return nil
	case wrote:
		return []string{n.Display + " registered, once; its PIN is in the vault"}
	case len(n.Registrations) > 0:
		return []string{"not sent again, but read: " + n.Display + " is registered"}
	}
	return []string{n.Display + " was registered before: nothing to do"}
}

func checkFacts(record onboard.Record) (facts []string) {
	for _, waba := range record.Accounts {
		if waba.Allocation != "" {
			facts = append(facts, fmt.Sprintf("WABA %s is paid for by %s, the credential of allocation %s", waba.ID, waba.Funding, waba.Allocation))
		}
	}
	for _, n := range record.Numbers {
		facts = append(facts, fmt.Sprintf("%s is %s", n.Display, connected(n)))
	}
	return facts
}
