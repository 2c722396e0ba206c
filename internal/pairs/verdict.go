package pairs

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// Seen is Meta's side at one moment.
type Seen struct {
	summary  graphtest.Summary
	app      graph.AppID
	line     graph.CreditLineID
	attached map[graph.BusinessID][]graph.WABAID // by the live allocations of the line
}

// Look reads Meta's side.
func Look(server *graphtest.Server) Seen {
	w := server.World()
	seen := Seen{summary: server.Summary(), app: w.App, line: w.CreditLine, attached: map[graph.BusinessID][]graph.WABAID{}}
	for _, a := range server.Allocations() {
		if !a.Deleted && a.Line == w.CreditLine {
			seen.attached[a.Business] = append(seen.attached[a.Business], a.WABAs...)
		}
	}
	return seen
}

// Rules are what may differ between runs.
type Rules struct {
	// Lost allows records of StateNeedsNewSignup beside one that is done: a process
	// that dies while it exchanges a code loses the code.
	Lost bool
}

// Wrong compares an ended pair with Meta's side, and returns each thing that is there
// twice, or not at all. records are all records of the client.
func (p Pair) Wrong(seen Seen, records []onboard.Record, rules Rules) error {
	errs := []error{p.wrongRecords(records, rules)}
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for _, id := range p.Numbers {
		if times := seen.summary.Registered[id]; times != (graphtest.Registered{Times: 1, PINs: 1}) {
			wrong("number %s was registered %d times, with %d PINs", id, times.Times, times.PINs)
		}
	}
	stays := !p.Kind.Leaving || slices.ContainsFunc(records, func(r onboard.Record) bool { return r.State == onboard.StateDone })
	shares, attached := 0, []graph.WABAID(nil)
	if stays {
		shares, attached = 1, p.WABAs
	}
	if n := seen.summary.Allocations[graphtest.CreditPair{Line: seen.line, Business: p.Business}]; n != shares {
		wrong("the line is shared %d times with business %s, not %d times", n, p.Business, shares)
	}
	if has := seen.attached[p.Business]; !sameIDs(has, attached) {
		wrong("the line is attached to %v, not once to each of %v", has, attached)
	}
	for _, id := range p.WABAs {
		callback, subscribed := seen.summary.Subscriptions[id][seen.app]
		if subscribed != stays || stays && callback != Callback().URI {
			wrong("WABA %s: subscribed %t, with the callback %q", id, subscribed, callback)
		}
	}
	return errors.Join(errs...)
}

// wrongRecords checks how the records ended.
func (p Pair) wrongRecords(records []onboard.Record, rules Rules) error {
	ends := map[onboard.State]int{}
	var reasons []error
	for _, r := range records {
		ends[r.State]++
		for _, step := range r.Steps {
			if step.State == onboard.StepFailed {
				reasons = append(reasons, fmt.Errorf("record %s: step %s %s: %s", r.ID, step.Name, step.Subject, step.Reason))
			}
		}
		if r.Holder != (onboard.Holder{}) {
			reasons = append(reasons, fmt.Errorf("record %s: worker %s is in it still", r.ID, r.Holder.Worker))
		}
	}
	want := map[onboard.State]int{onboard.StateDone: 2}
	switch {
	case p.Kind.OneRecord:
		want[onboard.StateDone] = 1
	case p.Kind.Leaving:
		want = map[onboard.State]int{onboard.StateDone: ends[onboard.StateDone], onboard.StateOffboarded: 2 - ends[onboard.StateDone]}
		if ends[onboard.StateDone] > 1 {
			want[onboard.StateDone] = 1
		}
	}
	if rules.Lost {
		// A signup that was lost is repeated with a record of its own.
		want[onboard.StateNeedsNewSignup] = ends[onboard.StateNeedsNewSignup]
	}
	for _, state := range states(ends, want) {
		if ends[state] != want[state] {
			return errors.Join(append(reasons, fmt.Errorf("%d of %d records are %s, not %d", ends[state], len(records), state, want[state]))...)
		}
	}
	if rules.Lost {
		return nil
	}
	return errors.Join(reasons...)
}

// states lists the states of the maps, in order.
func states(maps ...map[onboard.State]int) []onboard.State {
	var all []onboard.State
	for _, m := range maps {
		for state := range m {
			all = append(all, state)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func sameIDs(a, b []graph.WABAID) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// CheckPINs registers each number once more with the PIN in the vault: Meta refuses
// another one. Look at Meta's side before.
func (p Pair) CheckPINs(ctx context.Context, server *graphtest.Server, secrets vault.Vault) error {
	var errs []error
	for _, id := range p.Numbers {
		pin, err := secrets.Get(ctx, vault.Ref{Tenant: Tenant, Kind: vault.SecretPIN, Subject: string(id)})
		if err == nil {
			err = phonenumbers.New(server.Client()).Register(ctx, id, pin)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("the PIN in the vault is not that of number %s: %w", id, err))
		}
	}
	return errors.Join(errs...)
}
