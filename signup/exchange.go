package signup

import (
	"context"
	"net/http"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Redeem turns a callback into a token. It exchanges a code (see
// [Client.Exchange] for the errors) and returns an access token without a call.
//
// Token: none; the app's id and secret are sent with the code.
func (c *Client) Redeem(ctx context.Context, callback Callback) (Token, error) {
	if err := c.check(ctx); err != nil {
		return Token{}, err
	}
	if err := callback.Check(); err != nil {
		return Token{}, err
	}
	if !callback.AccessToken.IsZero() {
		return Token{Access: callback.AccessToken, User: true}, nil
	}
	return c.Exchange(ctx, callback.Code, ExchangeOptions{})
}

// ExchangeOptions adjust how a code is exchanged. The zero value is right for
// Meta's JavaScript SDK.
type ExchangeOptions struct {
	// RedirectURI must be the URI of the login if the login was a redirect. The
	// popup of Meta's JavaScript SDK has none.
	RedirectURI string
	// Get sends the exchange as the GET that Meta documents, with the app
	// secret and the code in the URL. The default is a form in the body of a
	// POST, which proxies do not log.
	Get bool
}

// Exchange turns the code of a signup into the customer's business token. Store
// the token before you do anything else: a code gives a token only once.
//
// The call is sent once and never repeated, not after a throttle and not by
// net/http. If the answer is lost, the error is an ErrOutcomeUnknown, and the code
// must be treated as used. Errors by code: 36007 means that the code is older than
// 30 seconds, 36009 that it was used, 36008 that the redirect URI is not the one of
// the login, and 101 that the app's id or secret is wrong.
//
// Token: none; the app's id and secret are sent with the code.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/onboarding-customers-as-a-solution-partner
func (c *Client) Exchange(ctx context.Context, code graph.Secret, opts ExchangeOptions) (Token, error) {
	if err := c.checkApp(ctx); err != nil {
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
