package onboard

import (
	"slices"
	"time"
)

// Deadline is a date after which an action is no longer possible. A Flow adds it to
// the record, and removes it once the action is done. It does not act on it.
type Deadline struct {
	What DeadlineName `json:"what"`
	// Subject is the id of the number; empty for the token.
	Subject string    `json:"subject,omitempty"`
	At      time.Time `json:"at"`
}

// DeadlineName says which action becomes impossible.
type DeadlineName string

// The deadlines.
const (
	// DeadlineToken is when the token expires. Refresh can renew it until then.
	DeadlineToken DeadlineName = "refresh_token"
	// DeadlineRegister is when the number must be registered: within 14 days of the
	// signup, or 90 days for a pre-verified number. Later, the client must go
	// through the signup again.
	DeadlineRegister DeadlineName = "register"
	// DeadlineHistory is when the chats of a number of the Business app can no
	// longer be requested: that works once, within 24 hours of the signup.
	DeadlineHistory DeadlineName = "synchronise_history"
)

const (
	registerWithin    = 14 * 24 * time.Hour
	preVerifiedWithin = 90 * 24 * time.Hour
	historyWithin     = 24 * time.Hour
)

// deadline adds a date, in place of an earlier one.
func (r *Record) deadline(what DeadlineName, subject string, at time.Time) {
	r.met(what, subject)
	r.Deadlines = append(r.Deadlines, Deadline{What: what, Subject: subject, At: at.UTC()})
}

// met removes a date, because the action was done.
func (r *Record) met(what DeadlineName, subject string) {
	r.Deadlines = slices.DeleteFunc(r.Deadlines, func(d Deadline) bool { return d.What == what && d.Subject == subject })
}

// NextDeadline returns the earliest of the record's deadlines. Open is false if there
// is none.
func (r *Record) NextDeadline() (at time.Time, open bool) {
	if r == nil {
		return time.Time{}, false
	}
	for _, deadline := range r.Deadlines {
		if !open || deadline.At.Before(at) {
			at, open = deadline.At, true
		}
	}
	return at, open
}

// expire writes down when the token expires; zero for never.
func (r *Record) expire(at time.Time) {
	r.TokenExpires = at
	r.met(DeadlineToken, "")
	if !at.IsZero() {
		r.deadline(DeadlineToken, "", at)
	}
}
