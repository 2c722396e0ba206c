package onboard

import (
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/chain"
)

// The errors of a Flow, a Store and a hook.
var (
	// ErrNoRecord means that there is no record with that id.
	ErrNoRecord = graph.NewSentinel(graph.ErrNotFound, "onboard: no such record")
	// ErrConflict means that another writer changed the record in the meantime.
	ErrConflict = graph.NewSentinel(graph.ErrConflict, "onboard: the record was changed by another writer")
	// ErrExists means that there is a record with that key already. Insert returns
	// that record with it.
	ErrExists = graph.NewSentinel(graph.ErrConflict, "onboard: there is a record for this signup already")
	// ErrBusy means that another lease has the object: another worker does the steps
	// of the record, or of another record of the same client. The text names the
	// worker, and says for how long.
	ErrBusy = graph.NewSentinel(graph.ErrConflict, "onboard: another worker has it")
	// ErrLeaseLost means that the lease has ended: it could not be extended in time.
	// Another worker may have taken the record since, and goes on with it.
	ErrLeaseLost = graph.NewSentinel(graph.ErrConflict, "onboard: the lease has ended")
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
	// errNoClaimYet is the same for a token that names no account.
	errNoClaimYet    = graph.NewSentinel(graph.ErrWait, "onboard: the token names no WABA, and no claim says yet which one it is about")
	errNoBusiness    = graph.NewSentinel(graph.ErrInvalid, "onboard: the exchange's answer was lost, and no claim says which business to fetch the token of")
	errExchanging    = graph.NewSentinel(graph.ErrWait, "onboard: the code was sent, and the process that sent it may still work")
	errNoCertificate = graph.NewSentinel(graph.ErrWait, "onboard: the certificate is not ready")
	// errNotDecided makes every error of Config.Approve one that is tried again.
	errNotDecided = graph.NewSentinel(graph.ErrTransient, "onboard: Config.Approve has not decided")
)

// joined returns the errors that are not nil, with the kind of the first one.
func joined(errs ...error) error { return chain.Join(graph.ErrInput, errs...) }
