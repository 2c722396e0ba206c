package popup

import (
	"context"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// Join brings the two things together that a page posts about one signup: the
// login callback, with the code, and the popup's event, with the ids. They come
// in either order, and each is handed out once.
//
// The code lives 30 seconds and is worth a customer; the event is a claim that
// the grants replace. So a Join never makes a callback wait, and never keeps a
// code: Callback hands it back at once, with the event if that came first. A
// later event finds its onboarding by what Began said:
//
//	joined, err := join.Callback(ctx, token, tenant, callback)
//	// exchange joined.Callback now; say record is the onboarding's id
//	if late, ok := join.Began(joined.Session, record); ok {
//		// the event came while the code was exchanged: add late.Claim() to record
//	}
//
//	joined, err := join.Event(token, tenant, event)
//	if joined.Event != nil {
//		// the onboarding runs already: add joined.Event.Claim() to joined.Record
//	}
//
// A Join is memory of one process. Where several serve the same page, answer
// the callback with the onboarding's id, and let the page post a late event with
// it: [Sessions.Verify] tells whose it is, and the onboarding has to belong to
// that tenant. A Join is safe for concurrent use.
type Join struct {
	sessions *Sessions
	keep     time.Duration

	mu     sync.Mutex
	halves *expiring[half]
}

// JoinOptions adjust a Join.
type JoinOptions struct {
	// Keep is how long one half waits for the other: 10 min if 0, and never
	// longer than its session.
	Keep time.Duration
	// Max bounds how many signups are remembered: 10,000 if 0. Above it the one
	// whose wait ends first is forgotten, which loses an event but never a code.
	Max int
}

const (
	defaultKeep   = 10 * time.Minute
	defaultHalves = 10_000
)

// half is what came of a signup. A callback's code is not kept, only that it came.
type half struct {
	event  *Event
	called bool
	record string // named by Began
	done   bool   // both were handed out
}

// JoinResult is what there is to act on after something came.
type JoinResult struct {
	Session Session
	// Callback is what Callback was given; zero from Event.
	Callback signup.Callback
	// Event is nil if it has not come, or waits for the callback.
	Event *Event
	// Record is what Began named; empty from Callback.
	Record string
}

// Claim is what the event says, nothing if there is none.
func (j JoinResult) Claim() signup.Claim {
	if j.Event == nil {
		return signup.Claim{}
	}
	return j.Event.Claim()
}

// NewJoin makes a Join for the sessions of one purpose, PurposeSignup.
func NewJoin(sessions *Sessions, opts JoinOptions) (*Join, error) {
	switch {
	case sessions == nil:
		return nil, &graph.InputError{Field: "sessions", Reason: "are nil: halves are joined by their session"}
	case opts.Keep < 0 || opts.Max < 0:
		return nil, &graph.InputError{Field: "join options", Reason: "must not be negative: nothing waits forever"}
	}
	if opts.Keep == 0 {
		opts.Keep = defaultKeep
	}
	if opts.Max == 0 {
		opts.Max = defaultHalves
	}
	return &Join{sessions: sessions, keep: opts.Keep, halves: newExpiring[half](opts.Max)}, nil
}

// Callback redeems the session and hands the callback back, to be exchanged at
// once. JoinResult.Event is the event if it came first. Errors: those of
// [Sessions.Redeem], after which the session is as it was. An exchange that
// fails needs a new session, as it needs a new code.
func (j *Join) Callback(ctx context.Context, token string, tenant signup.Tenant, callback signup.Callback) (JoinResult, error) {
	if err := callback.Check(); err != nil {
		return JoinResult{}, err
	}
	session, err := j.sessions.Redeem(ctx, token, tenant, PurposeSignup)
	if err != nil {
		return JoinResult{}, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	h := j.half(session)
	h.called = true
	joined := JoinResult{Session: session, Callback: callback, Event: h.event}
	h.done, h.event = h.event != nil, nil
	return joined, nil
}

// Event takes the popup's event. If the callback came first and Began named its
// onboarding, both are in what it returns. Otherwise JoinResult.Event is nil, and
// the event is kept for Callback or Began; of several events the last one
// counts, but one that is finished is not replaced by one that is not. Errors:
// ErrSessionInvalid, ErrSessionExpired, and ErrSessionUsed once an event was
// handed out.
func (j *Join) Event(token string, tenant signup.Tenant, event Event) (JoinResult, error) {
	session, err := j.sessions.Verify(token, tenant, PurposeSignup)
	if err != nil {
		return JoinResult{}, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	h := j.half(session)
	switch {
	case h.done:
		return JoinResult{}, ErrSessionUsed
	case h.record != "":
		h.done = true
		return JoinResult{Session: session, Event: &event, Record: h.record}, nil
	case h.event == nil || event.Finished() || !h.event.Finished():
		h.event = &event
	}
	return JoinResult{Session: session}, nil
}

// Began names the onboarding that a callback's exchange led to, so that a later
// event finds it. It returns the event if that came since Callback.
func (j *Join) Began(session Session, record string) (Event, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.halves.prune(time.Now())
	h, ok := j.halves.get(session.ID)
	if !ok || !h.called || h.done {
		return Event{}, false
	}
	h.record = record
	if h.event == nil {
		return Event{}, false
	}
	event := *h.event
	h.done, h.event = true, nil
	return event, true
}

// half finds what is remembered of the session, or begins to remember it.
func (j *Join) half(session Session) *half {
	now := time.Now()
	j.halves.prune(now)
	if h, ok := j.halves.get(session.ID); ok {
		return h
	}
	if j.halves.full() {
		j.halves.dropFirst()
	}
	until := now.Add(j.keep)
	if session.Expires.Before(until) {
		until = session.Expires
	}
	return j.halves.add(session.ID, half{}, until)
}
