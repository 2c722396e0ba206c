package graph

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// DefaultVersion is the Graph API version that calls name in their path unless
// WithVersion sets another one. Meta's WhatsApp guides are written for it. If Meta
// no longer serves a version, it answers with the oldest one that it serves and
// returns no error; TraceEnd.AnsweredVersion shows it.
const DefaultVersion = "v25.0"

// DefaultBaseURL is the address of the calls unless WithBaseURL sets another one.
const DefaultBaseURL = "https://graph.facebook.com"

// DefaultMaxBody is the number of bytes that are read of one answer, after
// decompression.
const DefaultMaxBody = 32 << 20

// Option changes a Client. New and With return an InputError for a wrong one.
type Option func(*config) error

// config is what the options set. It is copied, never shared.
type config struct {
	version   string
	base      *url.URL
	http      *carrier
	secret    Secret
	retry     RetryPolicy
	timeout   time.Duration // of the caller's http.Client
	pacer     Pacer
	tracer    Tracer
	userAgent string
	maxBody   int64
}

// carrier holds the round tripper behind a pointer, because two round trippers
// cannot be compared: some are functions.
type carrier struct{ base http.RoundTripper }

func defaults() config {
	base, _ := url.Parse(DefaultBaseURL)
	return config{version: DefaultVersion, base: base, userAgent: "wagraph", maxBody: DefaultMaxBody}
}

// WithVersion sets the Graph API version, such as "v25.0".
func WithVersion(version string) Option {
	return func(c *config) error {
		if !isVersion(version) {
			return &InputError{Field: "version", Reason: fmt.Sprintf(`must look like "v25.0", got %.40q`, version)}
		}
		c.version = version
		return nil
	}
}

func isVersion(s string) bool {
	number, ok := strings.CutPrefix(s, "v")
	major, minor, dotted := strings.Cut(number, ".")
	return ok && dotted && isDigits(major) && major[0] != '0' && len(major) <= 3 && len(minor) == 1 && isDigits(minor)
}

// WithBaseURL sends the calls to another address: a simulator, or a gateway. The
// URL may have a path, but no version, no query and no credentials. Plain http is
// accepted for loopback addresses only, since every call carries a token.
func WithBaseURL(base string) Option {
	return func(c *config) error {
		u, err := url.Parse(base)
		if err != nil {
			return &InputError{Field: "base URL", Reason: "cannot be parsed"}
		}
		u.Path = strings.TrimRight(u.Path, "/")
		port, portErr := strconv.ParseUint(cmp.Or(u.Port(), "443"), 10, 16)
		switch {
		case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
			return &InputError{Field: "base URL", Reason: "must be absolute, like " + DefaultBaseURL}
		case u.User != nil, u.RawQuery != "", u.Fragment != "", u.ForceQuery:
			return &InputError{Field: "base URL", Reason: "must not carry credentials, a query or a fragment"}
		case slices.ContainsFunc(strings.Split(u.Path, "/"), isVersion):
			return &InputError{Field: "base URL", Reason: "must not carry a version; use WithVersion"}
		case u.RawPath != "" || u.Path != "" && path.Clean(u.Path) != u.Path:
			return &InputError{Field: "base URL", Reason: "must have a plain path, without escapes, dots or empty parts"}
		case portErr != nil || port == 0:
			return &InputError{Field: "base URL", Reason: "must have a port from 1 to 65535, or none"}
		case u.Scheme == "http" && !isLoopback(u.Hostname()):
			return &InputError{Field: "base URL", Reason: "must be https: plain http is for loopback addresses only"}
		}
		c.base = &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
		return nil
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// WithHTTPClient makes the calls through the client's Transport, and takes its
// Timeout as RetryPolicy.AttemptTimeout unless WithRetry sets one. Its
// redirect policy and cookie jar are not used. The client is not changed.
func WithHTTPClient(client *http.Client) Option {
	return func(c *config) error {
		if client == nil {
			return &InputError{Field: "http client", Reason: "is nil"}
		}
		c.http, c.timeout = &carrier{client.Transport}, client.Timeout
		if client.Transport == nil {
			c.http.base = http.DefaultTransport
		}
		return nil
	}
}

// WithAppSecret adds the appsecret_proof to every call that carries a token.
// The secret must be the one of the app that the token was made for.
func WithAppSecret(secret Secret) Option {
	return func(c *config) error {
		if secret.IsZero() {
			return &InputError{Field: "app secret", Reason: "is empty"}
		}
		c.secret = secret
		return nil
	}
}

// WithRetry sets how failed attempts are repeated.
func WithRetry(policy RetryPolicy) Option {
	return func(c *config) error {
		c.retry = policy
		return nil
	}
}

// WithPacer makes every attempt wait for the pacer. Nil removes it. See [Pacer].
func WithPacer(pacer Pacer) Option {
	return func(c *config) error {
		c.pacer = pacer
		return nil
	}
}

// WithTracer shows every attempt to the tracer. Nil removes it.
func WithTracer(tracer Tracer) Option {
	return func(c *config) error {
		c.tracer = tracer
		return nil
	}
}

// WithUserAgent puts the program's name before the SDK's in the User-Agent header:
// "acme-bsp/1.4 wagraph".
func WithUserAgent(name string) Option {
	return func(c *config) error {
		if name == "" || strings.ContainsFunc(name, unicode.IsControl) {
			return &InputError{Field: "user agent", Reason: "must be one line of text"}
		}
		c.userAgent = name + " wagraph"
		return nil
	}
}

// WithMaxBody sets the number of bytes that are read of one answer, after
// decompression. About as much memory is used, at most. The default is
// DefaultMaxBody. Of an answer whose status is an error at most 256 KiB are read.
func WithMaxBody(bytes int64) Option {
	return func(c *config) error {
		if bytes <= 0 {
			return &InputError{Field: "max body", Reason: "must be above 0"}
		}
		c.maxBody = bytes
		return nil
	}
}

// RetryPolicy says how failed attempts of a call are repeated. Request.Repeat says
// which calls may be repeated. In each field zero means the default and a negative
// value means off.
type RetryPolicy struct {
	// MaxAttempts counts the first attempt too. Default 4; off means 1.
	MaxAttempts int
	// MinWait is the first upper bound of the random wait between attempts; it
	// doubles up to MaxWait. Defaults 250 ms and 10 s; off means no wait, except
	// after a throttle: if Meta names no wait then, the first bound is MinWait
	// or 1 s, whichever is longer, and the wait is at least half of the bound.
	MinWait, MaxWait time.Duration
	// MaxThrottleWait is the longest wait after a throttle that a call waits
	// for. If Meta names a longer one, the call returns at once with the wait in
	// Error.RetryAfter. Default 30 s; off means never to wait for a throttle.
	MaxThrottleWait time.Duration
	// AttemptTimeout bounds one attempt with its answer. Default 60 s, or the
	// Timeout of the client given to WithHTTPClient; off leaves it to the
	// context.
	AttemptTimeout time.Duration
}

// policy returns the retry policy with its defaults filled in.
func (c *config) policy() RetryPolicy {
	p := c.retry
	if p.AttemptTimeout == 0 {
		p.AttemptTimeout = c.timeout
	}
	return p.resolved()
}

func (p RetryPolicy) resolved() RetryPolicy {
	pick := func(v, def time.Duration) time.Duration {
		if v == 0 {
			return def
		}
		return max(v, 0)
	}
	switch {
	case p.MaxAttempts == 0:
		p.MaxAttempts = 4
	case p.MaxAttempts < 0:
		p.MaxAttempts = 1
	}
	p.MinWait = pick(p.MinWait, 250*time.Millisecond)
	p.MaxWait = pick(p.MaxWait, 10*time.Second)
	p.MaxThrottleWait = pick(p.MaxThrottleWait, 30*time.Second)
	p.AttemptTimeout = pick(p.AttemptTimeout, 60*time.Second)
	return p
}

// pipe builds what carries the requests.
func (c *config) pipe() *transport.Pipe {
	return transport.New(transport.Config{
		Base: c.http.base, Origin: c.base, MaxBody: c.maxBody,
		AttemptTimeout: c.policy().AttemptTimeout,
	})
}

// samePipe reports whether two configurations can share a pipe.
func (c *config) samePipe(other *config) bool {
	return c.http == other.http && *c.base == *other.base && c.maxBody == other.maxBody &&
		c.policy().AttemptTimeout == other.policy().AttemptTimeout
}
