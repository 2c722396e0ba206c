package phonenumbers

import (
	"context"
	"net/http"
	"net/url"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// Query shapes a list of numbers. Its zero value asks for all of them.
type Query struct {
	// Fields are the fields to ask for. The default is DefaultFields.
	Fields graph.Fields
	// PageSize is the number of phone numbers on a page, from 1 to 100. The
	// default is 100.
	PageSize int
	// Prefetch reads the next page while the loop works on this one.
	Prefetch bool
	// Order sorts the numbers by the time when they went through Embedded
	// Signup.
	Order Order
	// DisplayPhoneNumber selects one number, in any format. With it, the digits
	// of a pre-verified number lead to its id in the client's WABA.
	DisplayPhoneNumber string
}

// Order is the order of a list of numbers.
type Order string

// The orders of a list of numbers. Graph's default is NewestFirst.
const (
	NewestFirst Order = "last_onboarded_time_descending"
	OldestFirst Order = "last_onboarded_time_ascending"
)

// params returns the parameters of the query that are not the same in all
// lists.
func (q Query) params() (url.Values, error) {
	params := url.Values{}
	switch q.Order {
	case "":
	case NewestFirst, OldestFirst:
		// Meta's sample has single quotes, ['...']. The API expects JSON.
		if err := (graph.JSONParam{Value: []Order{q.Order}}).EncodeValues("sort", &params); err != nil {
			return params, err
		}
	default:
		return params, &graph.InputError{Field: "order", Reason: "must be NewestFirst or OldestFirst"}
	}
	if q.DisplayPhoneNumber != "" {
		digits := Digits(q.DisplayPhoneNumber)
		if digits == "" {
			return params, &graph.InputError{Field: "display phone number", Reason: "has no digits"}
		}
		params.Set("display_phone_number", digits)
	}
	return params, nil
}

// List lists the numbers of a WABA. If the client went through Embedded Signup
// again, reading the list again finds the numbers that it added.
//
// Token: a system user of the partner, or the client's business token. Errors:
// ErrPermission; ErrNotFound, also after the client stopped sharing the WABA.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/phone_numbers
func (c *Client) List(waba graph.WABAID, q Query) *graph.List[Number] {
	params, err := q.params()
	return apicall.List[Number](c.base(), constructor, graph.Request{
		Route: routeNumbers, IDs: []string{string(waba)}, Query: params,
	}, apicall.ListOptions{Fields: q.Fields, Default: DefaultFields(), PageSize: q.PageSize, Prefetch: q.Prefetch}, err)
}

// Get reads one number. It asks for the given fields, or for DefaultFields.
//
// Token: a system user of the partner, or the client's business token. Errors:
// ErrNotFound for a number that was deleted or that the token may not see;
// ErrInvalid for a field that the Graph version does not know.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account-to-number-current-status
func (c *Client) Get(ctx context.Context, id graph.PhoneNumberID, fields ...string) (Number, error) {
	return apicall.Send(ctx, c.base(), constructor, GetOp(id, fields...))
}

// GetOp returns the request that [Client.Get] sends, for use in a
// graph.Batch.
func GetOp(id graph.PhoneNumberID, fields ...string) graph.Op[Number] {
	return apicall.Op[Number](graph.Request{
		Method: http.MethodGet, Route: routeNumber, IDs: []string{string(id)},
		Query: apicall.FieldsParam(fields, DefaultFields()),
	}, graph.Fields(fields).Check())
}
