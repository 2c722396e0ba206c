package popup

import (
	"context"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// Join matches the two messages that a page posts about one signup: the login callback,
// with the code, and the popup's event, with the ids. They come in either order, and
// Join returns each of them once.
//
// A code lives 30 seconds, and a lost code is a lost signup. The event is less
// important: it is only a claim, and the grants replace it. So a Join never delays a
// callback and never stores a code: Callback returns it at once, with the event if that
// came first. For an event that comes later, Began tells the Join which onboarding the
// callback started:
//
//	joined, err := join.Callback(ctx, token, tenant, callback)
//	// exchange joined.Callback now; record is the id of the onboarding
//	if late, ok := join.Began(joined.Session, record); ok {
//		// the event came during the exchange: add late.Claim() to record
//	}
//
//	joined, err := join.Event(token, tenant, event)
//	if joined.Event != nil {
//		// the onboarding has started: add joined.Event.Claim() to joined.Record
//	}
//
// A Join remembers the signups of one process. If several processes serve the page,
// answer the callback with the id of the onboarding, and let the page post a later event
// together with this id: [Sessions.Verify] returns the tenant of the session, and the
// onboarding must belong to that tenant.
//
// [NewJoin] makes one; the methods of a nil or zero Join return an InputError. It is safe
// for concurrent use.
type Join struct {
	sessions *Sessions
	keep     time.Duration

	mu     sync.Mutex
	halves *expiring[half]
}

// JoinOptions adjust a Join. The zero value works.
type JoinOptions struct {
	// Keep is how long the first message waits for the second one: 10 minutes if 0,
	// and never longer than the life of the session.
	Keep time.Duration
	// Max is the largest number of signups that are remembered: 10,000 if 0. If there
	// are more, the one whose wait ends first is forgotten. That may lose an event, but
	// never a code.
	Max int
}

const (
	defaultKeep   = 10 * time.Minute
	defaultHalves = 10_000
)

// half is what is remembered of a signup. It does not hold the code of the callback.
type half struct {
	event  *Event
	called bool
	record string // the onboarding that Began named
	done   bool   // the callback and the event were both returned
}

// JoinResult is what the caller has to handle after a message came.
type JoinResult struct {
	Session Session
	// Callback is the argument of Join.Callback. It is zero in a result of Join.Event.
	Callback signup.Callback
	// Event is nil if the event has not come, or waits for the callback.
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
	case opts.Keep < 0 || opts.Max < 0:
		return nil, &graph.InputError{Field: "join options", Reason: "must not be negative"}
	}
	if opts.Keep == 0 {
		opts.Keep = defaultKeep
	}
	if opts.Max == 0 {
		opts.Max = defaultHalves
	}
	return &Join{sessions: sessions, keep: opts.Keep, halves: newExpiring[half](opts.Max)}, nil
}

// Callback redeems the session and returns the callback, which must be exchanged at once.
// JoinResult.Event is the event if it came first. Errors: those of [Sessions.Redeem];
// after an error the session is not used up. After an exchange that failed, the customer
// needs a new code and a new session.
func (j *Join) Callback(ctx context.Context, token string, tenant signup.Tenant, callback signup.Callback) (JoinResult, error) {
	if err := j.check(); err != nil {
		return JoinResult{}, err
	}
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
// onboarding, the result has the event and the onboarding. Otherwise JoinResult.Event is
// nil, and the Join stores the event for Callback or Began. The last of several events
// counts, but an unfinished event does not replace a finished one. Errors:
// ErrSessionInvalid, ErrSessionExpired, and ErrSessionUsed if an event of this session
// was returned before.
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

// Began tells the Join which onboarding a callback started, so that Join.Event returns
// its id with a later event. If the event came after Callback and before Began, Began
// returns it and true.
func (j *Join) Began(session Session, record string) (Event, bool) {
	if j.check() != nil {
		return Event{}, false
	}
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

// check returns an InputError for a Join that NewJoin did not make.
func (j *Join) check() error {
	if j == nil || j.sessions == nil {
		return &graph.InputError{Field: "join", Reason: "has no sessions: popup.NewJoin makes one"}
	}
	return nil
}

// half returns what is remembered of the session, and makes it if there is nothing.
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
