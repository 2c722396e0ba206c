package signup

import (
	"context"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Client makes the calls of this package. [New] makes one; the methods of a nil
// or zero Client return an InputError. It is safe for concurrent use.
type Client struct {
	client *graph.Client
	app    App
}

// New returns a Client for the signups of an app. The given client carries the
// partner's token; each method says which token it uses.
//
// New checks nothing. The methods check what they need before they send anything,
// and return an InputError that names the missing part: all of them need a client
// and a context; [Client.Exchange], [Client.Renew], [Client.Debug], and
// [Client.Redeem] with a code need a complete App (see [App.Check]).
func New(client *graph.Client, app App) *Client { return &Client{client: client, app: app} }

// check returns an InputError if no call can be made.
func (c *Client) check(ctx context.Context) error {
	switch {
	case c == nil || c.client == nil:
		return &graph.InputError{Field: "client", Reason: "is nil: signup.New makes a Client, from a Graph client that is not nil"}
	case ctx == nil:
		return errNilContext()
	}
	return nil
}

func errNilContext() error {
	return &graph.InputError{Field: "context", Reason: "is nil: context.Background() is never cancelled"}
}

// checkApp returns an InputError if no call can be made with the app's
// credentials.
func (c *Client) checkApp(ctx context.Context) error {
	if err := c.check(ctx); err != nil {
		return err
	}
	return c.app.Check()
}
