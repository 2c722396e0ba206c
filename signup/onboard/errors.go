package onboard

import "github.com/seed-8fdceacd/wagraph/graph"

// The errors of a Flow, a Store and a hook.
var (
	// ErrNoRecord means that there is no record with that id.
	ErrNoRecord = graph.NewSentinel(graph.ErrNotFound, "onboard: no such record")
	// ErrConflict means that another writer changed the record in the meantime.
	ErrConflict = graph.NewSentinel(graph.ErrConflict, "onboard: the record was changed by another writer")
	// ErrExists means that there is a record with that key already. Insert returns
	// that record with it.
	ErrExists = graph.NewSentinel(graph.ErrConflict, "onboard: there is a record for this signup already")
	// ErrBusy means that another worker holds the record. Record.Lease names the
	// worker, and says until when.
	ErrBusy = graph.NewSentinel(graph.ErrConflict, "onboard: another worker has this record")
	// ErrOtherTenant means that the signup began for another tenant.
	ErrOtherTenant = graph.NewSentinel(graph.ErrPermission, "onboard: this signup belongs to another tenant")
	// ErrRefused is what Config.Approve returns to refuse a client.
	ErrRefused = graph.NewSentinel(graph.ErrRefused, "onboard: refused")
)

// The errors of steps.
var (
	// errNotOurs is for a result that no repetition changes: the token belongs to
	// another app, or does not reach the claimed accounts.
	errNotOurs = graph.NewSentinel(graph.ErrInvalid, "onboard: the signup is not what it claims to be")
	errBudget  = graph.NewSentinel(graph.ErrWait, "onboard: the number was registered as often as is safe within 72 hours")
	// errNoBusinessYet is used as long as the page's event may still come.
	errNoBusinessYet = graph.NewSentinel(graph.ErrWait, "onboard: no claim says yet which business to fetch the token of")
	errNoBusiness    = graph.NewSentinel(graph.ErrInvalid, "onboard: the exchange's answer was lost, and no claim says which business to fetch the token of")
	errNoCertificate = graph.NewSentinel(graph.ErrWait, "onboard: the certificate is not ready")
	// errNotDecided makes every error of Config.Approve one that is tried again.
	errNotDecided = graph.NewSentinel(graph.ErrTransient, "onboard: Config.Approve has not decided")
)
