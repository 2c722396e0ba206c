package popup

import (
	"fmt"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// Join matches the two messages that a page posts about one signup: the login callback,
// with the code, and the popup's event, with the ids. They come in either order. Nothing
// is used up: the page may post a message again, and gets the same result. For another
// code, after an exchange that failed, the customer needs a page with a new session.
//
// A code lives 30 seconds, and a lost code is a lost signup. The event is less
// important: it is only a claim, and the grants replace it. So a Join never delays a
// callback and never stores a code: Callback returns it at once, with the event if that
// came first. With package onboard, the callback begins the onboarding:
//
//	joined, err := join.Callback(token, tenant, callback)
//	record, err := flow.Begin(ctx, onboard.BeginRequest{
//		Tenant: tenant, Callback: joined.Callback, Session: joined.Session, Claim: joined.Claim(),
//	})
//	if late, ok := join.Began(joined.Session, record.ID); ok { // it came during the exchange
//		record, err = flow.AddClaim(ctx, onboard.ClaimRequest{
//			Tenant: tenant, Record: record.ID, Claim: late.Claim(),
//		})
//	}
//
// An event that comes later is added to the same record:
//
//	joined, err := join.Event(token, tenant, event)
//	if joined.Event != nil {
//		record, err = flow.AddClaim(ctx, onboard.ClaimRequest{
//			Tenant: tenant, Record: joined.Record, Claim: joined.Claim(),
//		})
//	}
//
// [Event.Variant] is the Variant of both requests.
//
// A Join remembers the signups of one process. If several processes serve the page, the
// record remembers the session for all of them, and the event needs no Join:
//
//	session, err := sessions.Verify(token, tenant, popup.PurposeSignup)
//	record, err := flow.AddClaim(ctx, onboard.ClaimRequest{
//		Tenant: tenant, Session: session, Claim: event.Claim(),
//	})
//
// Then onboard.ErrNoRecord means that the code has not come. The page posts the event
// again after a moment.
//
// [NewJoin] makes one; the methods of a nil or zero Join return an InputError. It is safe
// for concurrent use.
type Join struct {
	sessions *Sessions
	keep     time.Duration

	mu     sync.Mutex
	halves *halves
}

// JoinOptions adjust a Join. The zero value works.
type JoinOptions struct {
	// Keep is how long the first message waits for the second one: 10 minutes if 0,
	// and never longer than the life of the session.
	Keep time.Duration
	// Max is the largest number of signups that are remembered: 10,000 if 0.
	Max int
	// MaxBytes is about how much memory they may need: 16 MiB if 0, which is enough
	// for 10,000 signups with ten ids each.
	//
	// If one of the limits is reached, the Join forgets the oldest signup of the
	// tenant that has the most, so that a tenant does not push out the signups of
	// others. That may lose an event, but never a code.
	MaxBytes int
}

const (
	defaultKeep     = 10 * time.Minute
	defaultMax      = 10_000
	defaultMaxBytes = 16 << 20
)

// JoinResult is what the caller has to handle after a message came.
type JoinResult struct {
	Session Session
	// Callback is the argument of Join.Callback. It is zero in a result of Join.Event.
	Callback signup.Callback
	// Event is nil if the event has not come, or waits for the callback. It has no
	// Raw.
	Event *Event
	// Record is the onboarding that Began named. It is empty in a result of
	// Join.Callback.
	Record string
}

// Claim returns the claim of the event. It is empty if there is no event.
func (j JoinResult) Claim() signup.Claim {
	if j.Event == nil {
		return signup.Claim{}
	}
	return j.Event.Claim()
}

// NewJoin returns a Join for sessions with the purpose PurposeSignup. Nil sessions and
// negative options are an InputError.
func NewJoin(sessions *Sessions, opts JoinOptions) (*Join, error) {
	switch {
	case sessions.check() != nil:
		return nil, sessions.check()
	case opts.Keep < 0 || opts.Max < 0 || opts.MaxBytes < 0:
		return nil, &graph.InputError{Field: "join options", Reason: "must not be negative"}
	}
	if opts.Keep == 0 {
		opts.Keep = defaultKeep
	}
	if opts.Max == 0 {
		opts.Max = defaultMax
	}
	if opts.MaxBytes == 0 {
		opts.MaxBytes = defaultMaxBytes
	}
	return &Join{sessions: sessions, keep: opts.Keep, halves: newHalves(opts.Max, opts.MaxBytes)}, nil
}

// Callback verifies the session and returns the callback, which must be exchanged at once.
// JoinResult.Event is the event if it came before. Errors: an InputError for a callback
// without a code; ErrSessionInvalid, ErrSessionExpired.
func (j *Join) Callback(token string, tenant signup.Tenant, callback signup.Callback) (JoinResult, error) {
	if err := j.check(); err != nil {
		return JoinResult{}, err
	}
	if err := callback.Check(); err != nil {
		return JoinResult{}, err
	}
	session, err := j.sessions.Verify(token, tenant, PurposeSignup)
	if err != nil {
		return JoinResult{}, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	h := j.half(session)
	h.called = true
	j.halves.put(h)
	joined := JoinResult{Session: session, Callback: callback}
	if h.event != nil {
		joined.Event = h.event.copied()
	}
	return joined, nil
}

// Event takes the popup's event and stores it. If Began named the onboarding of the
// session, the result has the event and the onboarding. Otherwise JoinResult.Event is nil,
// and Callback or Began returns the event. The last of several events counts, but an
// unfinished event does not replace a finished one. Errors: ErrSessionInvalid,
// ErrSessionExpired; an InputError for an event that is larger than JoinOptions.MaxBytes.
func (j *Join) Event(token string, tenant signup.Tenant, event Event) (JoinResult, error) {
	if err := j.check(); err != nil {
		return JoinResult{}, err
	}
	session, err := j.sessions.Verify(token, tenant, PurposeSignup)
	if err != nil {
		return JoinResult{}, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if size := event.size(); size > j.halves.maxBytes {
		return JoinResult{}, &graph.InputError{Field: "event", Reason: fmt.Sprintf("needs %d bytes, more than the join may keep", size)}
	}
	h := j.half(session)
	if h.event == nil || event.Finished() || !h.event.Finished() {
		h.event, h.late = event.copied(), h.called
	}
	j.halves.put(h)
	if h.record == "" {
		return JoinResult{Session: session}, nil
	}
	return JoinResult{Session: session, Event: h.event.copied(), Record: h.record}, nil
}

// Began tells the Join which onboarding a callback started, so that Join.Event returns
// its id with a later event. If the event came after Callback and before Began, Began
// returns it and true.
func (j *Join) Began(session Session, record string) (Event, bool) {
	if j.check() != nil {
		return Event{}, false
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	h := j.halves.get(session.ID, time.Now())
	if h == nil || !h.called {
		return Event{}, false
	}
	h.record = record
	j.halves.put(h)
	if !h.late {
		return Event{}, false
	}
	return *h.event.copied(), true
}

// check returns an InputError for a Join that NewJoin did not make.
func (j *Join) check() error {
	if j == nil || j.sessions == nil {
		return &graph.InputError{Field: "join", Reason: "has no sessions: popup.NewJoin makes one"}
	}
	return nil
}

// half returns what is remembered of the session, or a new half.
func (j *Join) half(session Session) *half {
	now := time.Now()
	if h := j.halves.get(session.ID, now); h != nil {
		return h
	}
	until := now.Add(j.keep)
	if session.Expires.Before(until) {
		until = session.Expires
	}
	return &half{session: session.ID, tenant: session.Tenant, until: until}
}
