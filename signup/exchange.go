package signup

import (
	"context"
	"github.com/seed-8fdceacd/wagraph/graph"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Redeem turns a callback into a token: a code is exchanged, an access token is
// taken as it is.
func (c *Client) Redeem(ctx context.Context, callback Callback) (Token, error) {
	if err := callback.Check(); err != nil {
		return Token{}, err
	}
	if !callback.AccessToken.IsZero() {
		return Token{Access: callback.AccessToken, User: true}, nil
	}
	return c.Exchange(ctx, callback.Code, ExchangeOptions{})
}

// ExchangeOptions adjust how a code is exchanged.
type ExchangeOptions struct {
	// RedirectURI has to be the one of the login when that was a redirect. The
	// popup of Meta's JavaScript SDK has none.
	RedirectURI string
	// Get sends the exchange as the GET that Meta documents, with the app
	// secret and the code in the URL. The default is a form in the body of a
	// POST, where no proxy logs them.
	Get bool
}

// Exchange turns a signup code into the client's business token. Keep the token
// before doing anything else: the code gives no second one.
//
// It is sent once and never repeated, not after a throttle and not by net/http.
// When the answer is lost the error is an ErrOutcomeUnknown, and the code is as
// good as used. Errors by code: 36007 the code is older than 30 seconds; 36009
// it was used; 36008 the redirect URI is not the login's; 101 the app's id or
// secret is wrong.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/onboarding-customers-as-a-solution-partner
func (c *Client) Exchange(ctx context.Context, code graph.Secret, opts ExchangeOptions) (Token, error) {
	if err := c.app.Check(); err != nil {
		return Token{}, err
	}
	if err := checkCode(code); err != nil {
		return Token{}, err
	}
	form := exchange{ClientID: c.app.ID, ClientSecret: c.app.Secret, Code: code, RedirectURI: opts.RedirectURI}
	req := graph.Request{Method: http.MethodPost, Route: routeToken, Form: form, Repeat: graph.RepeatOnce}
	if opts.Get {
		req.Method, req.Form, req.Query = http.MethodGet, nil, form
	}
	return c.fetch(ctx, req)
}

type exchange struct {
	ClientID     graph.AppID  `url:"client_id"`
	ClientSecret graph.Secret `url:"client_secret"`
	Code         graph.Secret `url:"code"`
	RedirectURI  string       `url:"redirect_uri,omitempty"`
}

func checkCode(code graph.Secret) error {
	text := code.Reveal()
	switch {
	case text == "":
		return &graph.InputError{Field: "code", Reason: "is empty"}
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return &graph.InputError{Field: "code", Reason: "contains blanks or control characters"}
	}
	return nil
}

// RenewedLife is how long a token that Renew made lives.
const RenewedLife = 60 * 24 * time.Hour

// Renew exchanges a living token for one that lives 60 days from now. The old
// one stays good until its own end; an expired one is an ErrAuth, and only a new
// signup or a fetched token helps then.
//
// It is sent once: every repetition would make one more living token that nobody
// keeps. After an ErrOutcomeUnknown the old token is as good as before.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/access-tokens
func (c *Client) Renew(ctx context.Context, token graph.Secret) (Token, error) {
	if err := c.app.Check(); err != nil {
		return Token{}, err
	}
	if token.IsZero() {
		return Token{}, &graph.InputError{Field: "token", Reason: "is empty"}
	}
	form := renewal{GrantType: "fb_exchange_token", ClientID: c.app.ID, ClientSecret: c.app.Secret, Token: token, SixtyDays: true}
	asked := time.Now()
	fresh, err := c.fetch(ctx, graph.Request{Method: http.MethodPost, Route: routeToken, Form: form, Repeat: graph.RepeatOnce})
	if err == nil && fresh.Expires.IsZero() {
		// Not a token that never expires: that is not what was asked for.
		fresh.Expires = asked.Add(RenewedLife)
	}
	return fresh, err
}

type renewal struct {
	GrantType    string       `url:"grant_type"`
	ClientID     graph.AppID  `url:"client_id"`
	ClientSecret graph.Secret `url:"client_secret"`
	Token        graph.Secret `url:"fb_exchange_token"`
	SixtyDays    bool         `url:"set_token_expires_in_60_days"`
}

// FetchToken reads the token that a client business's signup made, without a
// code: for hosted signups, and for an exchange whose answer was lost. It makes
// no new token.
//
// Token: the partner's admin system user, with business_management; the client
// must carry the app's secret. Errors: ErrPermission or ErrNotFound if the
// business shares nothing with the app.
//
// https://developers.facebook.com/documentation/facebook-login/facebook-login-for-business
func (c *Client) FetchToken(ctx context.Context, business graph.BusinessID) (Token, error) {
	return c.fetchAs(ctx, c.client, graph.Request{
		Method: http.MethodPost, Route: routeBusinessToken, IDs: []string{string(business)},
		Form: fetchOnly{FetchOnly: true}, Repeat: graph.RepeatAlways,
	})
}

type fetchOnly struct {
	FetchOnly bool `url:"fetch_only"`
}

// fetch makes a call of the token endpoint, which takes no token.
func (c *Client) fetch(ctx context.Context, req graph.Request) (Token, error) {
	return c.fetchAs(ctx, c.client.As(graph.Anonymous()), req)
}

// fetchAs makes a call that answers with a token.
func (c *Client) fetchAs(ctx context.Context, client *graph.Client, req graph.Request) (Token, error) {
	var answer struct {
		Access  graph.Secret `json:"access_token"`
		Expires lifetime     `json:"expires_in"` // absent if never
	}
	asked := time.Now()
	if err := client.Do(ctx, req, &answer); err != nil {
		return Token{}, err
	}
	if answer.Access.IsZero() {
		return Token{}, &graph.Error{
			Kind: graph.ErrOutcomeUnknown, Status: http.StatusOK, Method: req.Method, Route: req.Route,
			Message: "the answer holds no access token", Attempts: 1,
		}
	}
	token := Token{Access: answer.Access}
	if answer.Expires > 0 {
		token.Expires = asked.Add(time.Duration(answer.Expires))
	}
	return token, nil
}

// lifetime is a number of seconds. One that cannot be read is none: a token that
// came must not be lost over it, and debug_token tells its end again.
type lifetime time.Duration

func (l *lifetime) UnmarshalJSON(b []byte) error {
	seconds, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err == nil && seconds > 0 && seconds < maxLifetime.Seconds() {
		*l = lifetime(seconds * float64(time.Second))
	}
	return nil
}

// maxLifetime is where a lifetime stops being one: 100 years.
const maxLifetime = 100 * 365 * 24 * time.Hour
