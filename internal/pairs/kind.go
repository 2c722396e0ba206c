package pairs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// Kind is a kind of pair.
type Kind struct {
	Name string
	// OneRecord is true if both Starts are the same onboarding: there is one record.
	OneRecord bool
	// Leaving is true if one Start offboards the client. Then the pair may end with
	// or without the client.
	Leaving bool
	prepare func(*graphtest.Server, *rand.Rand) (Pair, error)
}

// Pair is a client that two onboardings reach.
type Pair struct {
	Kind Kind
	// Before, if it is not nil, has to end before the pair begins.
	Before *Start
	// First and Second begin at the same time. If InOrder is true, the second one
	// begins once the call of the first one has returned: before its code is
	// exchanged, Meta has nothing for the second one.
	First, Second Start
	InOrder       bool
	swap          bool

	Business graph.BusinessID
	WABAs    []graph.WABAID
	Numbers  []graph.PhoneNumberID
}

// Kinds lists the kinds.
func Kinds() []Kind {
	return []Kind{
		{Name: "two codes", prepare: twoCodes},
		{Name: "code and webhook", prepare: codeAndWebhook},
		{Name: "two webhooks", prepare: twoWebhooks},
		{Name: "adopted and code", prepare: adoptedAndCode},
		{Name: "two WABAs", prepare: twoWABAs},
		{Name: "one code twice", OneRecord: true, prepare: oneCodeTwice},
		{Name: "one session, two codes", OneRecord: true, prepare: oneSessionTwice},
		{Name: "code and offboarding", Leaving: true, prepare: codeAndOffboarding},
	}
}

// Find returns the kind of that name.
func Find(name string) (Kind, error) {
	for _, kind := range Kinds() {
		if kind.Name == name {
			return kind, nil
		}
	}
	return Kind{}, fmt.Errorf("pairs: no kind %q", name)
}

// Prepare has a client go through the signups of a pair. Call it shortly before the
// pair begins: a code lives for 30 seconds. random decides what differs from pair to
// pair: the count of numbers, and which of the two comes first.
func (k Kind) Prepare(server *graphtest.Server, random *rand.Rand) (Pair, error) {
	pair, err := k.prepare(server, random)
	pair.Kind = k
	pair.swap = !pair.InOrder && random.IntN(2) == 0
	if pair.swap {
		pair.First, pair.Second = pair.Second, pair.First
	}
	return pair, err
}

// newClient has a new client go through a signup, with one or two numbers.
func newClient(server *graphtest.Server, random *rand.Rand, variant graphtest.Variant) (Pair, graphtest.SignupResult, error) {
	done, err := server.Signup(graphtest.SignupOptions{Numbers: 1 + random.IntN(2), Variant: variant})
	return Pair{Business: done.Business, WABAs: done.WABAs, Numbers: done.Numbers}, done, err
}

// again has the client go through another signup, with the same WABA and numbers.
func (p *Pair) again(server *graphtest.Server) (graph.Secret, error) {
	done, err := server.Signup(graphtest.SignupOptions{Business: p.Business, WABA: p.WABAs[0], Variant: graphtest.OnlyWABA})
	return done.Code, err
}

func (p *Pair) start(verb Verb) Start {
	return Start{Verb: verb, Business: p.Business, WABAs: p.WABAs, Numbers: p.Numbers}
}

func (p *Pair) code(code graph.Secret) Start {
	s := p.start(VerbBegin)
	s.Code = code.Reveal()
	return s
}

func (p *Pair) webhook(at time.Time) Start {
	s := p.start(VerbShared)
	s.At = at
	return s
}

// twoCodes are two signups of a client, one shortly after the other.
func twoCodes(server *graphtest.Server, random *rand.Rand) (Pair, error) {
	p, done, err := newClient(server, random, graphtest.Cloud)
	if err != nil {
		return p, err
	}
	second, err := p.again(server)
	p.First, p.Second = p.code(done.Code), p.code(second)
	return p, err
}

// codeAndWebhook are a signup's code and its PARTNER_ADDED event.
func codeAndWebhook(server *graphtest.Server, random *rand.Rand) (Pair, error) {
	p, done, err := newClient(server, random, graphtest.Cloud)
	p.First, p.Second, p.InOrder = p.code(done.Code), p.webhook(server.Now()), true
	return p, err
}

// twoWebhooks are the events of two hosted signups.
func twoWebhooks(server *graphtest.Server, random *rand.Rand) (Pair, error) {
	p, _, err := newClient(server, random, graphtest.Hosted)
	now := server.Now()
	p.First, p.Second = p.webhook(now.Add(-time.Minute)), p.webhook(now)
	return p, err
}

// adoptedAndCode are a client of the old database, and a new signup of it.
func adoptedAndCode(server *graphtest.Server, random *rand.Rand) (Pair, error) {
	p, _, err := newClient(server, random, graphtest.Hosted)
	if err != nil {
		return p, err
	}
	token, err := server.BusinessToken(p.Business)
	if err != nil {
		return p, err
	}
	code, err := p.again(server)
	p.First, p.Second, p.InOrder = p.code(code), p.start(VerbAdopt), true
	p.Second.Token = token.Reveal()
	return p, err
}

// twoWABAs are two signups with different WABAs of one business. The business has one
// share of the line.
func twoWABAs(server *graphtest.Server, random *rand.Rand) (Pair, error) {
	p, done, err := newClient(server, random, graphtest.Cloud)
	if err != nil {
		return p, err
	}
	other, err := server.Signup(graphtest.SignupOptions{Business: p.Business, WABAs: 1})
	if err != nil {
		return p, err
	}
	p.First, p.Second = p.code(done.Code), p.code(other.Code)
	p.Second.WABAs, p.Second.Numbers = other.WABAs, other.Numbers
	p.WABAs, p.Numbers = slices.Concat(done.WABAs, other.WABAs), slices.Concat(done.Numbers, other.Numbers)
	return p, nil
}

// oneCodeTwice is a double click.
func oneCodeTwice(server *graphtest.Server, random *rand.Rand) (Pair, error) {
	p, done, err := newClient(server, random, graphtest.Cloud)
	p.First = p.code(done.Code)
	p.Second = p.First
	return p, err
}

// oneSessionTwice is a page that went through the signup twice with one session.
func oneSessionTwice(server *graphtest.Server, random *rand.Rand) (Pair, error) {
	p, err := twoCodes(server, random)
	p.First.Session = "session of " + string(p.Business)
	p.Second.Session = p.First.Session
	return p, err
}

// codeAndOffboarding are a client that leaves, and a new signup of it.
func codeAndOffboarding(server *graphtest.Server, random *rand.Rand) (Pair, error) {
	p, _, err := newClient(server, random, graphtest.Hosted)
	if err != nil {
		return p, err
	}
	before := p.webhook(server.Now().Add(-time.Hour))
	p.Before = &before
	return p, err
}

// Ready completes a pair whose client was onboarded before with the record: it prepares
// what depends on that. Call it for each pair, with an empty record if Before is nil.
func (p *Pair) Ready(server *graphtest.Server, record string) error {
	if p.Before == nil {
		return nil
	}
	code, err := p.again(server)
	if err != nil {
		return err
	}
	back, leave := p.code(code), p.start(VerbOffboard)
	back.Reinstate, leave.Record = true, record
	p.First, p.Second = back, leave
	if p.swap {
		p.First, p.Second = leave, back
	}
	return nil
}

// Lost counts the records whose signup has to be repeated.
func Lost(records []onboard.Record) int {
	lost := 0
	for _, record := range records {
		if record.State == onboard.StateNeedsNewSignup {
			lost++
		}
	}
	return lost
}

// Repeat has the client go through the signup once more, in place of one that was lost.
func (p *Pair) Repeat(server *graphtest.Server) (Start, error) {
	code, err := p.again(server)
	s := p.code(code)
	s.Reinstate = true
	return s, err
}
