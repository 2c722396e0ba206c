package phonenumbers

import (
	"context"
	"net/http"
	"net/url"

	"github.com/seed-8fdceacd/wagraph"
)

// Client makes the calls of this package. It is safe for concurrent use.
type Client struct{ graph *wagraph.Client }

// New makes a Client that calls through graph, with graph's token.
func New(graph *wagraph.Client) *Client { return &Client{graph: graph} }

// Query shapes a list of numbers. Its zero value asks for everything.
type Query struct {
	// Fields to ask for instead of DefaultFields.
	Fields wagraph.Fields
	// PageSize is how many numbers a page has: at most 100, which is the default.
	PageSize int
	// Prefetch reads the next page while the loop works on this one.
	Prefetch bool
	// Order sorts by when numbers came through Embedded Signup.
	Order Order
	// DisplayPhoneNumber keeps one number, in any writing: the way from a
	// pre-verified number's digits to the id that it has in the client's WABA.
	DisplayPhoneNumber string
}

// Order is the order of a list of numbers.
type Order string

// The orders. Graph's own is the newest first.
const (
	NewestFirst Order = "last_onboarded_time_descending"
	OldestFirst Order = "last_onboarded_time_ascending"
)

const maxPageSize = 100

func (q Query) params() (url.Values, error) {
	params := url.Values{}
	if q.PageSize > maxPageSize || q.PageSize < 0 {
		return params, &wagraph.InputError{Field: "page size", Reason: "must be from 1 to 100, or 0 for the default"}
	}
	switch q.Order {
	case "":
	case NewestFirst, OldestFirst:
		// Meta's sample prints ['...'] with single quotes; JSON is what it means.
		if err := (wagraph.JSONParam{Value: []Order{q.Order}}).EncodeValues("sort", &params); err != nil {
			return params, err
		}
	default:
		return params, &wagraph.InputError{Field: "order", Reason: "must be NewestFirst or OldestFirst"}
	}
	if q.DisplayPhoneNumber != "" {
		digits := Digits(q.DisplayPhoneNumber)
		if digits == "" {
			return params, &wagraph.InputError{Field: "display phone number", Reason: "has no digits"}
		}
		params.Set("display_phone_number", digits)
	}
	return params, nil
}

// List lists the numbers of a WABA. Reading it again finds numbers that the
// client added by going through Embedded Signup once more.
//
// Token: a system user of the partner, or the client's business token.
// Errors: ErrNotFound also when the client stopped sharing the WABA.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/phone_numbers
func (c *Client) List(waba wagraph.WABAID, q Query) *wagraph.List[Number] {
	params, err := q.params()
	return wagraph.NewList[Number](c.graph, wagraph.Request{
		Route: routeNumbers, IDs: []string{string(waba)}, Query: params,
	}, wagraph.ListOptions{Fields: orDefault(q.Fields), PageSize: q.PageSize, Prefetch: q.Prefetch}, err)
}

func orDefault(fields wagraph.Fields) wagraph.Fields {
	if len(fields) == 0 {
		return DefaultFields()
	}
	return fields
}

// Get reads one number: DefaultFields, or the fields named.
//
// Token: a system user of the partner, or the client's business token.
// Errors: ErrNotFound for a number that was deleted or cannot be seen.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account-to-number-current-status
func (c *Client) Get(ctx context.Context, id wagraph.PhoneNumberID, fields ...string) (Number, error) {
	return wagraph.Send(ctx, c.graph, GetOp(id, fields...))
}

// GetOp is Get as a value.
func GetOp(id wagraph.PhoneNumberID, fields ...string) wagraph.Op[Number] {
	return wagraph.NewOp[Number](wagraph.Request{
		Method: http.MethodGet, Route: routeNumber, IDs: []string{string(id)},
		Query: url.Values{"fields": {orDefault(fields).String()}},
	}, wagraph.Fields(fields).Check())
}
