package credit

import (
	"context"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// Client makes the calls of this package. Make one with [New]: the calls of a
// nil or zero Client return a graph.InputError. It is safe for concurrent use.
//
// Use one Client in each process: it prevents two calls of [Client.Share] from
// sharing a line with the same business at the same time, and two Clients do
// not know of each other.
type Client struct {
	client *graph.Client
	locks  shareLocks
}

// New returns a Client that calls through client, with the token of client.
func New(client *graph.Client) *Client { return &Client{client: client} }

// constructor is named in the error of a Client that New did not make.
const constructor = "credit.New"

// base returns the Graph client, or nil for a nil or zero Client.
func (c *Client) base() *graph.Client {
	if c == nil {
		return nil
	}
	return c.client
}

// check refuses a Client that cannot call, and a nil context.
func (c *Client) check(ctx context.Context) error {
	return apicall.Check(ctx, c.base(), constructor)
}

// Query shapes a list of lines or of allocations. Its zero value asks for all
// of them.
type Query struct {
	// Fields are the fields to ask for. The method says which ones are the
	// default.
	Fields graph.Fields
	// PageSize is the number of items on a page, from 1 to 100. The default is
	// 100.
	PageSize int
	// Prefetch reads the next page while the loop works on this one.
	Prefetch bool
}

func (q Query) options(def graph.Fields) apicall.ListOptions {
	return apicall.ListOptions{Fields: q.Fields, Default: def, PageSize: q.PageSize, Prefetch: q.Prefetch}
}
