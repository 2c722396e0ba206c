package onboard

import "github.com/seed-8fdceacd/wagraph/graph"

// What a Flow, a Store or a hook answers when something is not as expected.
var (
	// ErrNoRecord means that there is no record with that id.
	ErrNoRecord = graph.NewSentinel(graph.ErrNotFound, "onboard: no such record")
	// ErrConflict means that another writer changed the record in the meantime.
	ErrConflict = graph.NewSentinel(graph.ErrConflict, "onboard: the record was changed by another writer")
	// ErrExists means that there is a record with that key already; it is
	// returned.
	ErrExists = graph.NewSentinel(graph.ErrConflict, "onboard: there is a record for this signup already")
	// ErrBusy means that another worker has the record; Record.Lease says which,
	// and until when.
	ErrBusy = graph.NewSentinel(graph.ErrConflict, "onboard: another worker has this record")
	// ErrOtherTenant means that a code or token was taken in for another tenant.
	ErrOtherTenant = graph.NewSentinel(graph.ErrPermission, "onboard: this signup belongs to another tenant")
	// ErrRefused is what Approve returns to turn a client away.
	ErrRefused = graph.NewSentinel(graph.ErrRefused, "onboard: refused")
)

// What a step fails with, or waits for.
var (
	// errNotOurs is in the chain of findings that no repeat changes: the token is
	// another app's, or does not reach what was claimed.
	errNotOurs = graph.NewSentinel(graph.ErrInvalid, "onboard: the signup is not what it claims to be")
	errBudget  = graph.NewSentinel(graph.ErrWait, "onboard: the number was registered as often as is safe within 72 hours")
	// errNoBusinessYet is for as long as the page's event may still come.
	errNoBusinessYet = graph.NewSentinel(graph.ErrWait, "onboard: nothing says yet which business to fetch the token of")
	errNoBusiness    = graph.NewSentinel(graph.ErrInvalid, "onboard: the exchange's answer was lost, and nothing says which business to fetch the token of")
	errNoCertificate = graph.NewSentinel(graph.ErrWait, "onboard: the certificate is not ready")
)
