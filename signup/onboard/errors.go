package onboard

import (
	"github.com/seed-8fdceacd/wagraph"
)

// What a Flow, a Store or a hook answers when something is not as expected.
var (
	// ErrNoRecord means that there is no record with that id.
	ErrNoRecord = wagraph.NewSentinel(wagraph.ErrNotFound, "onboard: no such record")
	// ErrConflict means that another writer changed the record in the meantime.
	ErrConflict = wagraph.NewSentinel(wagraph.ErrConflict, "onboard: the record was changed by another writer")
	// ErrExists means that there is a record with that key already; it is
	// returned.
	ErrExists = wagraph.NewSentinel(wagraph.ErrConflict, "onboard: there is a record for this signup already")
	// ErrBusy means that another worker has the record; Record.Lease says which,
	// and until when.
	ErrBusy = wagraph.NewSentinel(wagraph.ErrConflict, "onboard: another worker has this record")
	// ErrOtherTenant means that a code or token was taken in for another tenant.
	ErrOtherTenant = wagraph.NewSentinel(wagraph.ErrPermission, "onboard: this signup belongs to another tenant")
	// ErrRefused is what Approve returns to turn a client away.
	ErrRefused = wagraph.NewSentinel(wagraph.ErrRefused, "onboard: refused")
)

// What a step fails with, or waits for.
var (
	// errNotOurs is in the chain of findings that no repeat changes: the token is
	// another app's, or does not reach what was claimed.
	errNotOurs = wagraph.NewSentinel(wagraph.ErrInvalid, "onboard: the signup is not what it claims to be")
	errBudget  = wagraph.NewSentinel(wagraph.ErrWait, "onboard: the number was registered as often as is safe within 72 hours")
	// errNoBusinessYet is for as long as the page's event may still come.
	errNoBusinessYet = wagraph.NewSentinel(wagraph.ErrWait, "onboard: nothing says yet which business to fetch the token of")
	errNoBusiness    = wagraph.NewSentinel(wagraph.ErrInvalid, "onboard: the exchange's answer was lost, and nothing says which business to fetch the token of")
	errNoCertificate = wagraph.NewSentinel(wagraph.ErrWait, "onboard: the certificate is not ready")
)
