package phonenumbers

import "github.com/seed-8fdceacd/wagraph/graph"

// Client makes the calls of this package. Make one with [New]: the calls of a
// nil or zero Client return a graph.InputError. It is safe for concurrent use.
type Client struct{ client *graph.Client }

// New returns a Client that calls through client, with the token of client.
func New(client *graph.Client) *Client { return &Client{client: client} }

// constructor is named in the error of a Client that New did not make.
const constructor = "phonenumbers.New"

// base returns the Graph client, or nil for a nil or zero Client.
func (c *Client) base() *graph.Client {
	if c == nil {
		return nil
	}
	return c.client
}
