package credit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// ShareRequest says which line is to pay for which WABA.
type ShareRequest struct {
	Line graph.CreditLineID
	WABA graph.WABAID
	// Business is the client's portfolio, as it was stored at the signup. If it
	// is empty, Share reads it from the WABA with one more call. If it does not
	// own the WABA, or if the WABA does not show its owner, Share refuses before
	// anything is billed.
	Business graph.BusinessID
	// Currency is the currency of the WABA's invoices, an ISO 4217 code. It
	// cannot be changed later. Meta's guide names AUD, EUR, GBP, IDR, INR and USD.
	Currency string
	// ClientToken is the client's own business token. It is needed only if Meta
	// answers that the line is shared already (code 4000) and does not attach
	// the WABA. To attach it then is a call that only the client may make. Share
	// refuses a source that graph.New would refuse, before it calls.
	ClientToken graph.TokenSource
	// History knows from which clients the line was revoked. Meta does not list
	// revoked allocations. A line that was revoked from a client is not shared
	// with it again, unless Reinstate is true. Without a History nothing is
	// refused for this reason.
	History   History
	Reinstate bool
}

// History is the application's own record of revocations.
type History interface {
	// Revoked reports whether the line was revoked from the business and not
	// shared with it again since.
	Revoked(ctx context.Context, line graph.CreditLineID, business graph.BusinessID) (bool, error)
}

func (r ShareRequest) check() error {
	var business error
	if r.Business != "" {
		business = graph.CheckID("business-id", r.Business)
	}
	return cmp.Or(graph.CheckID("extended-credit-id", r.Line), graph.CheckID("waba-id", r.WABA), business, CheckCurrency(r.Currency))
}

// CheckCurrency returns a graph.InputError if the code does not have the form of an
// ISO 4217 code: three capital letters. It does not know which codes Meta accepts.
func CheckCurrency(code string) error {
	ok := len(code) == 3
	for i := range len(code) {
		ok = ok && code[i] >= 'A' && code[i] <= 'Z'
	}
	if !ok {
		return &graph.InputError{Field: "currency", Reason: fmt.Sprintf(`must be an ISO 4217 code such as "EUR", got %.20q`, code)}
	}
	return nil
}

// ShareResult is the state of a WABA and a credit line after a share.
type ShareResult struct {
	// Allocation is the allocation of the line with the client business. Its ID
	// is needed for verifying and revoking: store it, also after an error. Only
	// the ID is set if Meta named the allocation and reading did not show it yet.
	Allocation Allocation
	// Business is the client business.
	Business graph.BusinessID
	// Currency is the currency of the WABA's invoices by Meta's answer, an ISO
	// 4217 code. Before a line is attached it is a default of Meta's.
	Currency string
	// Attached is true if the line pays for the WABA.
	Attached bool
	// Action says what the call did.
	Action Action
	// HistoryUnknown is true if the line was newly shared without a History.
	// Then it is not known whether the line was revoked from this client before.
	HistoryUnknown bool
}

// Action says what a call of Share did.
type Action string

// The actions of Share.
const (
	// ActionNone means that the WABA was attached before.
	ActionNone Action = "none"
	// ActionShared means that the line is now shared with the client, and
	// attached to the WABA.
	ActionShared Action = "shared"
	// ActionAttached means that the line was shared with the client before, for
	// another WABA or by an earlier call, and is now attached to this one.
	ActionAttached Action = "attached"
	// ActionRecovered means that the answer was lost, and that reading showed
	// that the call had taken effect.
	ActionRecovered Action = "recovered"
)

// codeAlreadyShared is Meta's answer to a second allocation between the same
// two businesses.
const codeAlreadyShared = graph.Code(4000)

// Share makes the line pay for the WABA. It reads whether the line pays
// already, posts once if it does not, and reads again to confirm it. It may be
// called again at any time: even after lost answers there is at most one
// allocation of the line with the client. Each further WABA of the client is
// attached to the same allocation.
//
// Calls for the same line and business wait for each other within a Client.
// Other processes, and other Clients, do not know of this one: they have to
// exclude each other. The lease of an onboard.Flow does so for the processes that
// work on one record.
//
// Token: an admin system user of the partner, with access to the WABA. Errors:
// ErrInput; ErrOtherOwner and ErrOwnerUnknown, before anything is posted;
// ErrRevoked; ErrOtherCurrency; ErrNotAttached if reading does not confirm it;
// ErrOutcomeUnknown if the answer was lost and reading does not show the share;
// ErrInterrupted. The ShareResult that comes with an error says what is known.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
func (c *Client) Share(ctx context.Context, r ShareRequest) (ShareResult, error) {
	if err := cmp.Or(c.check(ctx), r.check(), c.checkClientToken(r.ClientToken)); err != nil {
		return ShareResult{}, err
	}
	if err := c.fillBusiness(ctx, &r); err != nil {
		return ShareResult{}, err
	}
	unlock, err := c.locks.lock(ctx, lineAndBusiness{r.Line, r.Business})
	if err != nil {
		return ShareResult{}, err
	}
	defer unlock()
	share, acc, err := c.readState(ctx, r)
	if err == nil {
		err = r.checkOwner(acc)
	}
	if err != nil {
		return share, err
	}
	if share.Attached {
		return share, r.checkCurrencyMatches(share)
	}
	existed := share.Allocation.ID != ""
	if !existed {
		if err := r.checkHistory(ctx); err != nil {
			return share, err
		}
	}
	post := c.post(ctx, r, &share)
	if share.Action == ActionNone {
		return share, post.err
	}
	share, err = c.waitAttached(ctx, r, share, post)
	share.HistoryUnknown = !existed && r.History == nil
	return share, err
}

// checkClientToken refuses a source that graph.New would refuse, so that a wrong
// token shows before the line is shared and not only after a code 4000.
func (c *Client) checkClientToken(source graph.TokenSource) error {
	if source == nil {
		return nil
	}
	_, err := c.base().As(source).With()
	if input, ok := errors.AsType[*graph.InputError](err); ok {
		return &graph.InputError{Field: "client token: the " + input.Field, Reason: input.Reason}
	}
	return err
}

// fillBusiness reads the business of the request from the WABA if it is empty.
func (c *Client) fillBusiness(ctx context.Context, r *ShareRequest) error {
	if r.Business != "" {
		return nil
	}
	acc, err := c.readAccount(ctx, r.WABA)
	if err != nil {
		return err
	}
	r.Business = acc.Owner.ID
	return r.checkOwner(acc)
}

// checkHistory asks the History before a new allocation is made.
func (r ShareRequest) checkHistory(ctx context.Context) error {
	if r.History == nil || r.Reinstate {
		return nil
	}
	return guard.Run("credit.History.Revoked", graph.ErrPanicked, func() error {
		revoked, err := r.History.Revoked(ctx, r.Line, r.Business)
		if err == nil && revoked {
			return ErrRevoked
		}
		return err
	})
}

// post makes the one call that bills, and notes in share what it did. If the
// action is ActionNone afterwards, the error is final. Otherwise the call has
// taken effect, or may have, and reading decides.
func (c *Client) post(ctx context.Context, r ShareRequest, share *ShareResult) posted {
	// The default Repeat: it is sent again only if Meta said that it did not
	// process it, or if it was never sent.
	req := graph.Request{
		Method: http.MethodPost, Route: routeShare, IDs: []string{string(r.Line)},
		Form: attachment{WABA: r.WABA, Currency: r.Currency},
	}
	answer, err := apicall.Send(ctx, c.base(), constructor, apicall.Op[shareAnswer](req))
	switch {
	case err == nil && share.Allocation.ID != "":
		share.Action = ActionAttached
	case err == nil:
		share.Action, share.Allocation.ID = ActionShared, answer.allocation
	case errors.Is(err, codeAlreadyShared):
		share.Action = ActionAttached
		return c.attachAlone(ctx, r, err)
	case isOpen(err):
		share.Action = ActionRecovered
	}
	if err == nil {
		return posted{answer: answer.accepted(req)}
	}
	return posted{err: err}
}

// posted is what Meta said to the post.
type posted struct {
	err error // why it failed, or may have failed
	// answer is what else Meta said. It is no failure by itself: it is shown if
	// reading does not confirm the share.
	answer error
}

// attachAlone attaches the WABA with the client's token. Without one, the error of
// the share is the last one.
func (c *Client) attachAlone(ctx context.Context, r ShareRequest, shareErr error) posted {
	if r.ClientToken == nil {
		return posted{err: shareErr}
	}
	return posted{err: New(c.client.As(r.ClientToken)).Attach(ctx, r.Line, r.WABA, r.Currency), answer: shareErr}
}

type attachment struct {
	WABA     graph.WABAID `url:"waba_id"`
	Currency string       `url:"waba_currency"`
}

// Attach attaches a line to another WABA of a client that the line is shared
// with already.
//
// Token: the client's own business token. Errors: ErrInvalid if the line is not
// shared with the business; ErrPermission with a token of the partner;
// ErrOutcomeUnknown if the answer was lost.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
func (c *Client) Attach(ctx context.Context, line graph.CreditLineID, waba graph.WABAID, currency string) error {
	_, err := apicall.Send(ctx, c.base(), constructor, apicall.Op[graph.Success](graph.Request{
		Method: http.MethodPost, Route: routeAttach, IDs: []string{string(line)},
		Form: attachment{WABA: waba, Currency: currency},
	}, graph.CheckID("waba-id", waba), CheckCurrency(currency)))
	return err
}
