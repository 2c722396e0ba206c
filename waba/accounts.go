package waba

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph"
)

// Client makes the calls of this package. It is safe for concurrent use.
type Client struct{ graph *wagraph.Client }

// New makes a Client that calls through graph, with graph's token.
func New(graph *wagraph.Client) *Client { return &Client{graph: graph} }

// Is compares a status without regard to case.
func (s VerificationStatus) Is(other VerificationStatus) bool {
	return strings.EqualFold(string(s), string(other))
}

// Order is the order of a list of accounts.
type Order string

// The orders. Graph's own is the newest first.
const (
	NewestFirst Order = "creation_time_descending"
	OldestFirst Order = "creation_time_ascending"
)

// Query shapes a list of accounts. Its zero value asks for everything.
type Query struct {
	// Fields to ask for instead of DefaultFields.
	Fields wagraph.Fields
	// PageSize is how many accounts a page has: at most 100, which is the default.
	PageSize int
	// Prefetch reads the next page while the loop works on this one.
	Prefetch bool
	// CreatedAfter and CreatedBefore keep the accounts made after or before a
	// moment, to the second. Meta takes one of them at a time.
	CreatedAfter, CreatedBefore time.Time
	// Order sorts by creation time.
	Order Order
}

// maxPageSize is the most that the account and user edges give at a time.
const maxPageSize = 100

func (q Query) params() (url.Values, error) {
	params := url.Values{}
	filter := func(operator string, t time.Time) error {
		return wagraph.JSONParam{Value: []map[string]string{{
			"field": "creation_time", "operator": operator, "value": strconv.FormatInt(t.Unix(), 10),
		}}}.EncodeValues("filtering", &params)
	}
	var err error
	switch {
	case q.PageSize > maxPageSize || q.PageSize < 0:
		err = &wagraph.InputError{Field: "page size", Reason: "must be from 1 to 100, or 0 for the default"}
	case !q.CreatedAfter.IsZero() && !q.CreatedBefore.IsZero():
		err = &wagraph.InputError{Field: "created", Reason: "can be bounded by CreatedAfter or CreatedBefore, not by both: Meta takes one filter"}
	case !q.CreatedAfter.IsZero():
		err = filter("GREATER_THAN", q.CreatedAfter)
	case !q.CreatedBefore.IsZero():
		err = filter("LESS_THAN", q.CreatedBefore)
	}
	switch q.Order {
	case "":
	case NewestFirst, OldestFirst:
		params.Set("sort", string(q.Order))
	default:
		err = &wagraph.InputError{Field: "order", Reason: "must be NewestFirst or OldestFirst"}
	}
	return params, err
}

// Owned lists the accounts that the portfolio owns.
//
// Token: a system user of the portfolio; an employee sees what it is assigned
// to. Errors: ErrPermission, ErrNotFound for an unknown portfolio.
//
// https://developers.facebook.com/docs/marketing-api/reference/business/owned_whatsapp_business_accounts
func (c *Client) Owned(business wagraph.BusinessID, q Query) *wagraph.List[Account] {
	return c.accounts(routeOwned, business, q)
}

// Clients lists the accounts that clients share with the portfolio, with or
// without a number. Listing those created since the last look is the fallback
// for a signup whose callback was lost.
//
// Token: a system user of the portfolio; an employee sees what it is assigned
// to. Errors: ErrPermission, ErrNotFound for an unknown portfolio.
//
// https://developers.facebook.com/docs/marketing-api/reference/business/client_whatsapp_business_accounts
func (c *Client) Clients(business wagraph.BusinessID, q Query) *wagraph.List[Account] {
	return c.accounts(routeClients, business, q)
}

func (c *Client) accounts(route string, business wagraph.BusinessID, q Query) *wagraph.List[Account] {
	params, err := q.params()
	return wagraph.NewList[Account](c.graph, wagraph.Request{
		Route: route, IDs: []string{string(business)}, Query: params,
	}, wagraph.ListOptions{Fields: orDefault(q.Fields, DefaultFields()), PageSize: q.PageSize, Prefetch: q.Prefetch}, err)
}

func orDefault(fields, def wagraph.Fields) wagraph.Fields {
	if len(fields) == 0 {
		return def
	}
	return fields
}

// Get reads one account: DefaultFields, or the fields named.
//
// Token: a system user that may see the account, or the client's business
// token. Errors: ErrNotFound also when the client stopped sharing it.
//
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account
func (c *Client) Get(ctx context.Context, id wagraph.WABAID, fields ...string) (Account, error) {
	return wagraph.Send(ctx, c.graph, GetOp(id, fields...))
}

// GetOp is Get as a value.
func GetOp(id wagraph.WABAID, fields ...string) wagraph.Op[Account] {
	return wagraph.NewOp[Account](wagraph.Request{
		Method: http.MethodGet, Route: routeAccount, IDs: []string{string(id)},
		Query: url.Values{"fields": {orDefault(fields, DefaultFields()).String()}},
	}, wagraph.Fields(fields).Check())
}
