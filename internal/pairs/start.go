package pairs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

// Tenant is whose clients these are.
const Tenant signup.Tenant = "acme"

// Verb is the method of onboard.Flow that a Start calls.
type Verb string

// The verbs.
const (
	VerbBegin    Verb = "begin"    // a page posted a code
	VerbShared   Verb = "shared"   // a webhook announced the client
	VerbAdopt    Verb = "adopt"    // the client is in the partner's old database
	VerbOffboard Verb = "offboard" // the client of an earlier record leaves
)

// Start is one call that reaches a process. It has the secrets in plain text, so that
// it can be sent to a process as JSON.
type Start struct {
	Verb     Verb
	Business graph.BusinessID
	WABAs    []graph.WABAID
	Numbers  []graph.PhoneNumberID
	// Code is the code of VerbBegin, Token the token of VerbAdopt.
	Code, Token string `json:",omitempty"`
	// Session is the id of the page's session, or empty.
	Session string `json:",omitempty"`
	// Reinstate is set for a client that comes back.
	Reinstate bool `json:",omitempty"`
	// At is when the webhook was sent.
	At time.Time `json:",omitzero"`
	// Record is the record of VerbOffboard.
	Record string `json:",omitempty"`
}

// Call makes the call with a Flow.
func (s Start) Call(ctx context.Context, flow *onboard.Flow) (onboard.Record, error) {
	switch s.Verb {
	case VerbBegin:
		request := onboard.BeginRequest{
			Tenant: Tenant, Callback: signup.Callback{Code: graph.NewSecret(s.Code)}, Reinstate: s.Reinstate,
			Claim: signup.Claim{Business: s.Business, WABAs: s.WABAs, Numbers: s.Numbers},
		}
		if s.Session != "" {
			request.Session = popup.Session{ID: s.Session, Tenant: Tenant}
		}
		return flow.Begin(ctx, request)
	case VerbShared:
		return flow.BeginShared(ctx, onboard.BeginSharedRequest{
			Tenant: Tenant, Business: s.Business, WABA: s.WABAs[0], At: s.At, Reinstate: s.Reinstate,
		})
	case VerbAdopt:
		return flow.Adopt(ctx, onboard.AdoptRequest{
			Tenant: Tenant, Token: graph.NewSecret(s.Token), WABAs: s.WABAs, Business: s.Business, Reinstate: s.Reinstate,
		})
	case VerbOffboard:
		return s.offboard(ctx, flow)
	}
	return onboard.Record{}, fmt.Errorf("pairs: no verb %q", s.Verb)
}

// offboardAgain is how long a backend waits before it offboards a client again that a
// worker is busy with.
const offboardAgain = 200 * time.Millisecond

// offboard repeats the call until no worker has the client.
func (s Start) offboard(ctx context.Context, flow *onboard.Flow) (onboard.Record, error) {
	for {
		record, err := flow.Offboard(ctx, onboard.OffboardRequest{Record: s.Record, EveryWABA: true})
		if !errors.Is(err, onboard.ErrBusy) && !errors.Is(err, onboard.ErrConflict) {
			return record, err
		}
		again := time.NewTimer(offboardAgain)
		select {
		case <-ctx.Done():
			again.Stop()
			return record, err
		case <-again.C:
		}
	}
}
