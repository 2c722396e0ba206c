package wagraph

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// Client calls the Graph API with one token source. It is safe for concurrent
// use; make one and share it. Clients for other tokens come from [Client.As].
type Client struct {
	core   *core
	source TokenSource
	latest atomic.Pointer[credential]
}

// core is what clients of different tokens share.
type core struct {
	config
	policy RetryPolicy // config.retry, resolved
	prefix string      // base path and version: "/v25.0"
	agent  []string    // the User-Agent header
	pipe   *transport.Pipe
}

// New makes a Client. The source's token is the one of the system user, the
// client business or the app on whose behalf the calls are made; each method's
// doc says which it has to be.
func New(source TokenSource, opts ...Option) (*Client, error) {
	return build(source, defaults(), nil, opts)
}

// As is the same client with another token: connections, pacing and tracer are
// shared. A BSP's backend calls it with the token of the customer at hand.
func (c *Client) As(source TokenSource) *Client {
	return &Client{core: c.core, source: hide(source)}
}

// With is the same client with further options applied. It shares connections
// with this one, unless WithHTTPClient is among them.
func (c *Client) With(opts ...Option) (*Client, error) {
	return build(c.source, c.core.config, c.core, opts)
}

func build(source TokenSource, cfg config, from *core, opts []Option) (*Client, error) {
	if source == nil {
		return nil, &InputError{Field: "token source", Reason: "is nil; Anonymous sends calls without a token"}
	}
	for _, opt := range opts {
		if opt == nil {
			return nil, &InputError{Field: "option", Reason: "is nil"}
		}
		if err := opt(&cfg); err != nil {
			return nil, err
		}
	}
	if cfg.http == nil {
		cfg.http = &carrier{transport.NewBase()}
	}
	built := &core{config: cfg, policy: cfg.policy(), prefix: cfg.base.Path + "/" + cfg.version, agent: []string{cfg.userAgent}}
	if from != nil && from.samePipe(&cfg) {
		built.pipe = from.pipe
	} else {
		built.pipe = cfg.pipe()
	}
	return &Client{core: built, source: hide(source)}, nil
}

// Version is the Graph API version that calls name.
func (c *Client) Version() string { return c.core.version }

// CloseIdleConnections drops the connections that no call uses. A client needs
// no closing otherwise.
func (c *Client) CloseIdleConnections() { c.core.pipe.Close() }

// Do makes one call and decodes its answer into out, which may be nil. It is
// what every method of every package is made of, and the way to routes that
// none of them has. The error is an [*Error] or an [*InputError].
func (c *Client) Do(ctx context.Context, req Request, out any) error {
	return c.do(ctx, &req, out)
}

// token asks the source, and checks what it gives before it can reach a
// header: a line break there would be a header of its own.
func (c *Client) token(ctx context.Context) (string, error) {
	if c.source == nil { // As(nil): it has no error to return
		return "", &InputError{Field: "token source", Reason: "is nil; Anonymous sends calls without a token"}
	}
	token, err := c.source.Token(ctx)
	if err != nil {
		return "", err
	}
	if token == nil {
		return "", nil
	}
	if kept := c.latest.Load(); kept != nil && kept.token == token.AccessToken {
		return kept.token, nil // it has been checked
	}
	if token.AccessToken == "" {
		return "", &InputError{Field: "token", Reason: "is empty"}
	}
	for i := range len(token.AccessToken) {
		if b := token.AccessToken[i]; b <= ' ' || b == 0x7f {
			return "", &InputError{Field: "token", Reason: "contains blanks or control characters"}
		}
	}
	return token.AccessToken, nil
}

func (c *Client) credential(token string) *credential {
	if kept := c.latest.Load(); kept != nil && kept.token == token {
		return kept
	}
	made := newCredential(token, c.core.secret)
	c.latest.Store(made)
	return made
}

// isContext tells whether err is the end of a context.
func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
