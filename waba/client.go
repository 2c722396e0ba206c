package waba

import (
	"context"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// Client makes the calls of this package. Make one with [New]: the calls of a
// nil or zero Client return a graph.InputError. It is safe for concurrent use.
type Client struct{ client *graph.Client }

// New returns a Client that calls through client, with the token of client.
func New(client *graph.Client) *Client { return &Client{client: client} }

// constructor is named in the error of a Client that New did not make.
const constructor = "waba.New"

// base returns the Graph client, or nil for a nil or zero Client.
func (c *Client) base() *graph.Client {
	if c == nil {
		return nil
	}
	return c.client
}

// write returns the op of a call that leaves the same state if it is repeated.
func write(method, route, id string, form any, errs ...error) graph.Op[graph.Success] {
	return apicall.Op[graph.Success](graph.Request{
		Method: method, Route: route, IDs: []string{id}, Form: form, Repeat: graph.RepeatAlways,
	}, errs...)
}

func (c *Client) send(ctx context.Context, op graph.Op[graph.Success]) error {
	_, err := apicall.Send(ctx, c.base(), constructor, op)
	return err
}
