package credit

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-8fdceacd/wagraph"
)

// ShareRequest says which line pays for which WABA.
type ShareRequest struct {
	Line wagraph.CreditLineID
	WABA wagraph.WABAID
	// Business is the client's portfolio, as it was noted at the signup. If
	// empty it is read from the WABA, with one call more. If it is not the
	// WABA's owner, or the WABA names none, the call is refused before anything
	// is billed.
	Business wagraph.BusinessID
	// Currency is what the WABA is invoiced in, an ISO 4217 code. It cannot be
	// changed later. Meta's guide names AUD, EUR, GBP, IDR, INR and USD.
	Currency string
	// ClientToken is the client's own business token. It is needed only where
	// Meta says that the line is shared already (4000) and leaves the WABA
	// unattached: attaching alone is a call of the client's.
	ClientToken wagraph.TokenSource
	// History knows what was revoked; without it nobody does, since Meta lists
	// no revoked allocations. A line that was revoked from the client is not
	// shared with it again unless Reinstate says so.
	History   History
	Reinstate bool
}

// History is the caller's own record of revocations.
type History interface {
	// Revoked tells whether the line was taken from the business and not given
	// back since.
	Revoked(ctx context.Context, line wagraph.CreditLineID, business wagraph.BusinessID) (bool, error)
}

func (r ShareRequest) check() error {
	var business error
	if r.Business != "" {
		business = wagraph.CheckID("business-id", r.Business)
	}
	return cmp.Or(wagraph.CheckID("extended-credit-id", r.Line), wagraph.CheckID("waba-id", r.WABA), business, checkCurrency(r.Currency))
}

func checkCurrency(code string) error {
	ok := len(code) == 3
	for i := range len(code) {
		ok = ok && code[i] >= 'A' && code[i] <= 'Z'
	}
	if !ok {
		return &wagraph.InputError{Field: "currency", Reason: fmt.Sprintf(`must be an ISO 4217 code such as "EUR", got %.20q`, code)}
	}
	return nil
}

// Share is how a WABA stands with a credit line.
type Share struct {
	// Allocation is the line's allocation with the client business. Its ID is
	// the handle for verifying and revoking: keep it, also with an error. It is
	// all there is of it where Meta named it and reading did not show it yet.
	Allocation Allocation
	// Business is the client business.
	Business wagraph.BusinessID
	// Currency is what the WABA says that it is invoiced in, an ISO 4217 code:
	// fixed once a line is attached, a default of Meta's before.
	Currency string
	// Attached is true once the line pays for the WABA.
	Attached bool
	// Action says what the call did about it.
	Action Action
	// HistoryUnknown is true when the line was newly shared without a History:
	// whether it had been revoked from this client before cannot be known.
	HistoryUnknown bool
}

// Action is what a Share call did.
type Action string

// The actions.
const (
	// ActionNone: the WABA was attached before.
	ActionNone Action = "none"
	// ActionShared: the line is now shared with the client, and attached.
	ActionShared Action = "shared"
	// ActionAttached: the line was shared with the client before, for another
	// WABA or by another run, and is now attached to this one.
	ActionAttached Action = "attached"
	// ActionRecovered: the answer was lost, and reading showed that the call
	// had taken effect.
	ActionRecovered Action = "recovered"
)

// Error is a state of a line that is an error to whoever expected another. It
// is no failed call, and so has no Kind: [wagraph.KindOf] of it alone is empty.
type Error string

// ErrNotAttached: the share was accepted, or existed, but the WABA's funding is
// still not the line's. Meta may be propagating it: verify again later.
const ErrNotAttached = Error("credit: the line is not attached to the WABA")

// ErrOtherOwner: the WABA belongs to another business than the request names.
const ErrOtherOwner = Error("credit: the WABA belongs to another business")

// ErrOwnerUnknown: Meta does not show who owns the WABA. Whoever it is would
// get the line, so nothing is shared.
const ErrOwnerUnknown = Error("credit: the WABA does not say who owns it")

// ErrOtherCurrency: the line pays for the WABA already, in another currency than
// the request names. It cannot be changed.
const ErrOtherCurrency = Error("credit: the WABA is invoiced in another currency")

// ErrRevoked: the line was revoked from this client, by our own record.
const ErrRevoked = Error("credit: the line was revoked from this client; set Reinstate to share it again")

// Error makes an Error an error.
func (e Error) Error() string { return string(e) }

// codeAlreadyShared is Meta's answer to a second allocation between the same
// two businesses.
const codeAlreadyShared = wagraph.Code(4000)

// Share makes the line pay for the WABA: it looks whether it does already,
// posts once if not, and confirms by reading. It may be called again at any
// time; whatever was lost on the way, there is at most one allocation of the
// line with the client. An allocation that exists is no reason to stop: each
// further WABA of that client is attached to it.
//
// Shares of one line with one business wait for each other within a Client.
// Processes, and other Clients, have to exclude each other, as the lease of a
// signup.Flow does for those that work on one record.
//
// Token: an admin system user of the partner, with access to the WABA.
// Errors: ErrInput; ErrOtherOwner and ErrOwnerUnknown, with nothing posted;
// ErrRevoked; ErrOtherCurrency; ErrNotAttached when reading does not confirm it;
// ErrOutcomeUnknown when the answer was lost and reading finds no trace. The
// Share that comes with an error is what is known until then.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
func (c *Client) Share(ctx context.Context, r ShareRequest) (Share, error) {
	if err := r.check(); err != nil {
		return Share{}, err
	}
	if r.Business == "" {
		acc, err := c.account(ctx, r.WABA)
		if err != nil {
			return Share{}, err
		}
		r.Business = acc.Owner.ID
		if err := r.owned(acc); err != nil {
			return Share{}, err
		}
	}
	leave, err := c.shares.enter(ctx, pair{r.Line, r.Business})
	if err != nil {
		return Share{}, err
	}
	defer leave()
	share, acc, err := c.look(ctx, r)
	if err == nil {
		err = r.owned(acc)
	}
	if err != nil {
		return share, err
	}
	if share.Attached {
		return share, r.invoiced(share)
	}
	existed := share.Allocation.ID != ""
	if !existed {
		if err := r.allowed(ctx); err != nil {
			return share, err
		}
	}
	made, postErr := c.post(ctx, r)
	switch {
	case postErr == nil:
		share.Action = ActionShared
		share.Allocation.ID = cmp.Or(share.Allocation.ID, made)
		if existed {
			share.Action = ActionAttached
		}
	case errors.Is(postErr, codeAlreadyShared):
		share.Action = ActionAttached
		postErr = c.attachAlone(ctx, r, postErr)
	case errors.Is(postErr, wagraph.ErrOutcomeUnknown):
		share.Action = ActionRecovered
	default:
		return share, postErr
	}
	share, err = c.confirm(ctx, r, share, postErr)
	share.HistoryUnknown = !existed && r.History == nil
	return share, err
}

// allowed asks the history before a new allocation is made.
func (r ShareRequest) allowed(ctx context.Context) error {
	if r.History == nil || r.Reinstate {
		return nil
	}
	revoked, err := r.History.Revoked(ctx, r.Line, r.Business)
	if err == nil && revoked {
		return ErrRevoked
	}
	return err
}

// post is the one call that bills. Only what Meta said it did not process, or
// what never left, is sent again.
func (c *Client) post(ctx context.Context, r ShareRequest) (wagraph.AllocationID, error) {
	answer, err := wagraph.Send(ctx, c.graph, wagraph.Op[accepted]{Request: wagraph.Request{
		Method: http.MethodPost, Route: routeShare, IDs: []string{string(r.Line)},
		Form: attachment{WABA: r.WABA, Currency: r.Currency},
	}})
	return answer.Allocation, err
}

// accepted is the answer to a share: it names the allocation.
type accepted struct {
	Allocation wagraph.AllocationID `json:"allocation_config_id"`
}

// UnmarshalJSON takes every answer that a write may get. One that names no
// allocation is no failure: reading finds it.
func (a *accepted) UnmarshalJSON(b []byte) error {
	if err := new(wagraph.Success).UnmarshalJSON(b); err != nil {
		return err
	}
	type plain accepted
	_ = json.Unmarshal(b, (*plain)(a))
	return nil
}

type attachment struct {
	WABA     wagraph.WABAID `url:"waba_id"`
	Currency string         `url:"waba_currency"`
}

func (c *Client) attachAlone(ctx context.Context, r ShareRequest, shared error) error {
	if r.ClientToken == nil {
		return shared
	}
	return New(c.graph.As(r.ClientToken)).Attach(ctx, r.Line, r.WABA, r.Currency)
}

// Attach attaches a line that is shared with the client's business already to
// another WABA of that client.
//
// Token: the client's own business token. Errors: ErrInvalid if the line is not
// shared with the business; ErrOutcomeUnknown if the answer was lost.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
func (c *Client) Attach(ctx context.Context, line wagraph.CreditLineID, waba wagraph.WABAID, currency string) error {
	op := wagraph.NewOp[wagraph.Success](wagraph.Request{
		Method: http.MethodPost, Route: routeAttach, IDs: []string{string(line)},
		Form: attachment{WABA: waba, Currency: currency},
	}, wagraph.CheckID("waba-id", waba), checkCurrency(currency))
	_, err := wagraph.Send(ctx, c.graph, op)
	return err
}
