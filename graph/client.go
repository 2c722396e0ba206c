package graph

import (
	"context"
	"errors"
	"sync/atomic"

	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/internal/guard"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// Client calls the Graph API with one token source. [New] makes one. It is safe
// for concurrent use: a program makes one and shares it. [Client.As] returns
// Clients for other tokens. The calls of a nil or zero Client return an
// [*InputError].
type Client struct {
	core   *core
	source TokenSource
	latest atomic.Pointer[credential]
}

// core is shared by clients of different tokens.
type core struct {
	config
	policy RetryPolicy // config.retry, resolved
	prefix string      // base path and version: "/v25.0"
	agent  []string    // the User-Agent header
	pipe   *transport.Pipe
}

// New returns a Client. The source's token is the one of the system user, the
// client business or the app on whose behalf the calls are made; the doc of each
// method says which it has to be.
//
// A source of [StaticToken] or [SecretToken] is checked here: if calls cannot carry its
// token, New returns an [*InputError] that says why. Another source is asked for its
// token when a call needs it, and its token is checked then.
func New(source TokenSource, opts ...Option) (*Client, error) {
	return build(source, defaults(), nil, opts)
}

// As returns a Client that calls with another token and shares connections,
// pacer and tracer with this one. A BSP's backend calls it with the token of the
// customer that it works for.
//
// As returns no error. If New would refuse the source, each call of the Client that
// As returns ends with that [*InputError] before any request, and With returns it.
func (c *Client) As(source TokenSource) *Client {
	if c == nil {
		return nil
	}
	return &Client{core: c.core, source: hide(source)}
}

// With returns a Client with the same token source and further options. It
// shares connections with this one, unless WithHTTPClient is among the options.
func (c *Client) With(opts ...Option) (*Client, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	return build(c.source, c.core.config, c.core, opts)
}

func build(source TokenSource, cfg config, from *core, opts []Option) (*Client, error) {
	source = hide(source)
	if wrong, ok := source.(refused); ok {
		return nil, wrong.err
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
	return &Client{core: built, source: source}, nil
}

// Version returns the Graph API version that calls name.
func (c *Client) Version() string {
	if c.made() != nil {
		return ""
	}
	return c.core.version
}

// CloseIdleConnections closes the connections that no call uses. A Client needs
// no closing otherwise.
func (c *Client) CloseIdleConnections() {
	if c.made() == nil {
		c.core.pipe.Close()
	}
}

// Do makes one call and decodes its answer into out, a pointer, which may be nil
// to ignore the answer. If out has the method SetTraceID(string), it gets the id that
// Meta's support asks for. Every method of every package makes its calls this way;
// Do is also the way to routes that no package has. The error is an [*Error] or
// an [*InputError].
func (c *Client) Do(ctx context.Context, req Request, out any) error {
	return c.do(ctx, &req, out)
}

// made refuses a Client that New did not make.
func (c *Client) made() error {
	if c == nil || c.core == nil {
		return &InputError{Field: "client", Reason: "is nil or empty: graph.New makes one"}
	}
	return nil
}

// check refuses what no call can be made with.
func (c *Client) check(ctx context.Context) error {
	if err := c.made(); err != nil {
		return err
	}
	if ctx == nil {
		return errNilContext()
	}
	return nil
}

func errNilContext() error {
	return &InputError{Field: "context", Reason: "is nil: context.Background() is never cancelled"}
}

// token asks the source, and checks the token before it can reach a header.
func (c *Client) token(ctx context.Context) (string, error) {
	token, err := c.ask(ctx)
	if err != nil {
		return "", err
	}
	if token == nil {
		return "", nil
	}
	if cached := c.latest.Load(); cached != nil && cached.token == token.AccessToken {
		return cached.token, nil // it has been checked
	}
	if err := checkToken(token.AccessToken); err != nil {
		return "", err
	}
	return token.AccessToken, nil
}

// ask calls the application's TokenSource.
func (c *Client) ask(ctx context.Context) (_ *oauth2.Token, err error) {
	defer guard.Recover("TokenSource.Token", ErrPanicked, &err)
	return c.source.Token(ctx)
}

func (c *Client) credential(token string) *credential {
	if cached := c.latest.Load(); cached != nil && cached.token == token {
		return cached
	}
	made := newCredential(token, c.core.secret)
	c.latest.Store(made)
	return made
}

// isContext reports whether err is the error of a context that ended.
func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
