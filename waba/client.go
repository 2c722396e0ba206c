package waba

import (
	"context"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// Client makes the calls of this package. Make one with [New]: the calls of a
// nil or zero Client return a wagraph.InputError. It is safe for concurrent use.
type Client struct{ client *wagraph.Client }

// New returns a Client that calls through client, with the token of client.
func New(client *wagraph.Client) *Client { return &Client{client: client} }

// constructor is named in the error of a Client that New did not make.
const constructor = "waba.New"

// base returns the Graph client, or nil for a nil or zero Client.
func (c *Client) base() *wagraph.Client {
	if c == nil {
		return nil
	}
	return c.client
}

// write returns the op of a call that leaves the same state if it is repeated.
func write(method, route, id string, form any, errs ...error) wagraph.Op[wagraph.Success] {
	return apicall.Op[wagraph.Success](wagraph.Request{
		Method: method, Route: route, IDs: []string{id}, Form: form, Repeat: wagraph.RepeatAlways,
	}, errs...)
}

func (c *Client) send(ctx context.Context, op wagraph.Op[wagraph.Success]) error {
	_, err := apicall.Send(ctx, c.base(), constructor, op)
	return err
}
