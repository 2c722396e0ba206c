package waba

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// Order is the order of a list of accounts.
type Order string

// The orders of a list of accounts. Graph's default is NewestFirst.
const (
	NewestFirst Order = "creation_time_descending"
	OldestFirst Order = "creation_time_ascending"
)

// Query shapes a list of accounts. Its zero value asks for all of them.
type Query struct {
	// Fields are the fields to ask for. The default is DefaultFields.
	Fields graph.Fields
	// PageSize is the number of accounts on a page, from 1 to 100. The default
	// is 100.
	PageSize int
	// Prefetch reads the next page while the loop works on this one.
	Prefetch bool
	// CreatedAfter and CreatedBefore select the accounts that were created
	// after or before a time, to the second. Meta accepts only one of the two.
	CreatedAfter, CreatedBefore time.Time
	// Order sorts the accounts by creation time.
	Order Order
}

// params returns the parameters of the query that are not the same in all
// lists.
func (q Query) params() (url.Values, error) {
	params := url.Values{}
	operator, bound := "", time.Time{}
	switch {
	case !q.CreatedAfter.IsZero() && !q.CreatedBefore.IsZero():
		return params, &graph.InputError{Field: "created", Reason: "can be bounded by CreatedAfter or CreatedBefore, not by both: Meta accepts one filter"}
	case !q.CreatedAfter.IsZero():
		operator, bound = "GREATER_THAN", q.CreatedAfter
	case !q.CreatedBefore.IsZero():
		operator, bound = "LESS_THAN", q.CreatedBefore
	}
	switch q.Order {
	case "":
	case NewestFirst, OldestFirst:
		params.Set("sort", string(q.Order))
	default:
		return params, &graph.InputError{Field: "order", Reason: "must be NewestFirst or OldestFirst"}
	}
	if operator == "" {
		return params, nil
	}
	err := graph.JSONParam{Value: []map[string]string{{
		"field": "creation_time", "operator": operator, "value": strconv.FormatInt(bound.Unix(), 10),
	}}}.EncodeValues("filtering", &params)
	return params, err
}

// Owned lists the accounts that the portfolio owns.
//
// Token: a system user of the portfolio. An employee system user sees the
// accounts that it is assigned to. Errors: ErrPermission; ErrNotFound for an
// unknown portfolio.
//
// https://developers.facebook.com/docs/marketing-api/reference/business/owned_whatsapp_business_accounts
func (c *Client) Owned(business graph.BusinessID, q Query) *graph.List[Account] {
	return c.accounts(routeOwned, business, q)
}

// Clients lists the accounts that clients share with the portfolio, also those
// without a phone number. If the callback of a signup was lost, list the
// accounts that were created since: the account of the new client is there.
//
// Token: a system user of the portfolio. An employee system user sees the
// accounts that it is assigned to. Errors: ErrPermission; ErrNotFound for an
// unknown portfolio.
//
// https://developers.facebook.com/docs/marketing-api/reference/business/client_whatsapp_business_accounts
func (c *Client) Clients(business graph.BusinessID, q Query) *graph.List[Account] {
	return c.accounts(routeClients, business, q)
}

func (c *Client) accounts(route string, business graph.BusinessID, q Query) *graph.List[Account] {
	params, err := q.params()
	return apicall.List[Account](c.base(), constructor, graph.Request{
		Route: route, IDs: []string{string(business)}, Query: params,
	}, apicall.ListOptions{Fields: q.Fields, Default: DefaultFields(), PageSize: q.PageSize, Prefetch: q.Prefetch}, err)
}

// Get reads one account. It asks for the given fields, or for DefaultFields.
//
// Token: a system user that may see the account, or the client's business
// token. Errors: ErrNotFound, also after the client stopped sharing the
// account; ErrInvalid for a field that the Graph version does not know.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account
func (c *Client) Get(ctx context.Context, id graph.WABAID, fields ...string) (Account, error) {
	return apicall.Send(ctx, c.base(), constructor, GetOp(id, fields...))
}

// GetOp returns the request that [Client.Get] sends, for use in a
// graph.Batch.
func GetOp(id graph.WABAID, fields ...string) graph.Op[Account] {
	return apicall.Op[Account](graph.Request{
		Method: http.MethodGet, Route: routeAccount, IDs: []string{string(id)},
		Query: apicall.FieldsParam(fields, DefaultFields()),
	}, graph.Fields(fields).Check())
}
