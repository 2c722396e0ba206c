package onboard

import (
	"slices"
	"time"
)

// Deadline is a date after which something is no longer possible. A Flow notes
// it and takes it out again when the thing was done; it does not act on it.
type Deadline struct {
	What DeadlineName `json:"what"`
	// Subject is the id of the number that it is about; empty for the token.
	Subject string    `json:"subject,omitempty"`
	At      time.Time `json:"at"`
}

// DeadlineName says what becomes impossible.
type DeadlineName string

// The deadlines.
const (
	// DeadlineToken: the token expires. It can be refreshed until then; see Refresh.
	DeadlineToken DeadlineName = "refresh_token"
	// DeadlineRegister: the number has to be registered within 14 days of the
	// signup, a pre-verified one within 90; later the client has to go through
	// the signup again.
	DeadlineRegister DeadlineName = "register"
	// DeadlineHistory: the chats of a number of the Business app can be asked for
	// within 24 hours of the signup, once.
	DeadlineHistory DeadlineName = "synchronise_history"
)

const (
	registerWithin    = 14 * 24 * time.Hour
	preVerifiedWithin = 90 * 24 * time.Hour
	historyWithin     = 24 * time.Hour
)

// deadline notes a date, in the place of an earlier one.
func (r *Record) deadline(what DeadlineName, subject string, at time.Time) {
	r.met(what, subject)
	r.Deadlines = append(r.Deadlines, Deadline{What: what, Subject: subject, At: at.UTC()})
}

// met takes a date out: what had to be done was done.
func (r *Record) met(what DeadlineName, subject string) {
	r.Deadlines = slices.DeleteFunc(r.Deadlines, func(d Deadline) bool { return d.What == what && d.Subject == subject })
}
