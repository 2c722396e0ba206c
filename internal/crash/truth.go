package crash

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// Wrong compares an ended onboarding with what is at Meta's side: nothing was done
// twice, and all of it was done if the record says so. It is long because it checks
// each kind of object.
func (v Variant) Wrong(server *graphtest.Server, c Client, record onboard.Record) error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if n := server.Exchanges(c.Code); n > 1 {
		wrong("the code was exchanged %d times", n)
	}
	done := record.State == onboard.StateDone
	live := 0
	for _, a := range server.Allocations() {
		if a.Business != c.Business || a.Deleted {
			continue
		}
		if live++; !sameIDs(a.WABAs, c.WABAs) && done {
			wrong("the line is attached to %v, not once to each of %v", a.WABAs, c.WABAs)
		}
		for _, account := range record.Accounts {
			if account.Allocation != a.ID || account.Funding != a.Funding {
				wrong("WABA %s: the record has allocation %s and funding %s, not %s and %s", account.ID, account.Allocation, account.Funding, a.ID, a.Funding)
			}
		}
	}
	if want := count(done && !v.NoCredit); live != want {
		wrong("%d live allocations, not %d", live, want)
	}
	for _, id := range c.WABAs {
		if callback, found := server.Subscribers(id)[server.World().App]; found != done || done && callback != Callback().URI {
			wrong("WABA %s: subscribed %t with the callback %q", id, found, callback)
		}
		if _, found := server.Assigned(id)[server.World().Employee.ID]; found != (done && !v.NoCredit) {
			wrong("WABA %s: assigned %t", id, found)
		}
	}
	for _, id := range c.Numbers {
		errs = append(errs, v.wrongNumber(server, id, record))
	}
	return errors.Join(errs...)
}

func (v Variant) wrongNumber(server *graphtest.Server, id graph.PhoneNumberID, record onboard.Record) error {
	sent := server.Registrations(id)
	if want := count(record.State == onboard.StateDone && !v.NoRegister); sent != want {
		return fmt.Errorf("number %s: %d registrations, not %d", id, sent, want)
	}
	entered := record.Number(id)
	switch {
	case record.State != onboard.StateDone:
		return nil
	case entered == nil:
		return fmt.Errorf("number %s is not in the record", id)
	case len(entered.Registrations) < sent:
		return fmt.Errorf("number %s: %d registrations noted, %d sent", id, len(entered.Registrations), sent)
	}
	return nil
}

func count(one bool) int {
	if one {
		return 1
	}
	return 0
}

func sameIDs(a, b []graph.WABAID) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func isSet[ID ~string](id ID) string {
	if id == "" {
		return ""
	}
	return "some"
}

// Shape is a record without what differs from run to run: its names, its times,
// how often things were tried, and the ids of its allocation, which Wrong compares.
// Two onboardings that ended alike have the same Shape.
// Whether the token had to be fetched is told apart, since that may differ after a
// crash.
func Shape(record onboard.Record) (string, error) {
	r := record.Clone()
	r.TokenFetched = false
	r.ID, r.Key, r.Revision, r.Exchange = "", "", 0, onboard.Exchange{}
	fromStart := func(at time.Time) time.Time { return time.Time{}.Add(at.Sub(r.Created).Round(time.Minute)) }
	for i := range r.Deadlines {
		r.Deadlines[i].At = fromStart(r.Deadlines[i].At)
	}
	if !r.TokenExpires.IsZero() {
		r.TokenExpires = fromStart(r.TokenExpires)
	}
	for i := range r.Accounts {
		a := &r.Accounts[i]
		a.Allocation, a.Funding = graph.AllocationID(isSet(a.Allocation)), graph.FundingID(isSet(a.Funding))
	}
	for i := range r.Numbers {
		r.Numbers[i].Registrations = nil
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		s.Attempts, s.Ended = 0, time.Time{}
	}
	r.Created, r.Updated = time.Time{}, time.Time{}
	text, err := json.MarshalIndent(r, "", " ")
	return string(text), err
}
