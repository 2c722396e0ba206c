package credit

import (
	"context"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/chain"
)

// The states of a line and of a WABA that the calls of this package report as
// errors. Compare with errors.Is. Each has a graph.Kind, which graph.KindOf
// returns.
var (
	// ErrNotAttached means that Meta accepted the share, but the line does not
	// pay for the WABA yet. Meta may need more time: verify it later, or share
	// again. Meta's answer to the share is in the chain, as a *graph.Error: its
	// refusal, whose kind is then the one that graph.KindOf returns, or the
	// answer with which it accepted.
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

// notAttached returns ErrNotAttached together with its reasons, of which the first
// gives the kind, and with what else Meta said.
func notAttached(said error, reasons ...error) error {
	if reason := join(reasons...); reason != nil {
		return fmt.Errorf("%w: %w", withoutKind(ErrNotAttached), join(reason, said))
	}
	if said == nil {
		return ErrNotAttached
	}
	return fmt.Errorf("%w: %w", ErrNotAttached, withoutKind(said))
}

func withoutKind(err error) error { return chain.Without(err, graph.ErrReadAfterWrite) }

// join returns the errors as one, with the kind of the first.
func join(errs ...error) error { return chain.Join(graph.ErrReadAfterWrite, errs...) }

// interrupted returns the error of a context that ended during a wait.
func interrupted(ctx context.Context, wait string) error {
	return fmt.Errorf("credit: %s: %w: %w", wait, graph.ErrInterrupted, ctx.Err())
}
