package credit

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// The states of a line and of a WABA that the calls of this package report as
// errors. Compare with errors.Is. Each has a graph.Kind, which graph.KindOf
// returns.
var (
	// ErrNotAttached means that Meta accepted the share, but the line does not
	// pay for the WABA yet. Meta may need more time: verify it later, or share
	// again. If Meta's own error is the reason, that error is in the chain too,
	// and its kind is the one that graph.KindOf returns.
	ErrNotAttached = graph.NewSentinel(graph.ErrReadAfterWrite, "credit: the line is not attached to the WABA")
	// ErrOtherOwner means that the WABA does not belong to the business that the
	// request names.
	ErrOtherOwner = graph.NewSentinel(graph.ErrInvalid, "credit: the WABA belongs to another business")
	// ErrOwnerUnknown means that Meta does not show the owner of the WABA. The
	// unknown owner would get the line, so nothing is shared.
	ErrOwnerUnknown = graph.NewSentinel(graph.ErrInvalid, "credit: the WABA does not say who owns it")
	// ErrOtherCurrency means that the line already pays for the WABA, in
	// another currency than the request names. The currency cannot be changed.
	ErrOtherCurrency = graph.NewSentinel(graph.ErrInvalid, "credit: the WABA is invoiced in another currency")
	// ErrRevoked means that, by the History of the request, the line was
	// revoked from this client.
	ErrRevoked = graph.NewSentinel(graph.ErrAccountState, "credit: the line was revoked from this client; set Reinstate to share it again")
	// ErrNotRevoked means that Meta accepted the revocation, but the allocation
	// does not read as deleted yet. Revoke may be repeated.
	ErrNotRevoked = graph.NewSentinel(graph.ErrReadAfterWrite, "credit: the revocation was accepted, but the allocation is not deleted yet")
)

// notAttached returns ErrNotAttached together with its reasons. These stand
// first in the chain, so that KindOf returns the kind of the first one.
func notAttached(reasons ...error) error {
	reason := errors.Join(reasons...)
	if reason == nil {
		return ErrNotAttached
	}
	return fmt.Errorf("%[2]w: %[1]w", reason, ErrNotAttached)
}

// interrupted returns the error of a context that ended during a wait.
func interrupted(ctx context.Context, wait string) error {
	return fmt.Errorf("credit: %s: %w: %w", wait, graph.ErrInterrupted, ctx.Err())
}
