package signup

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// RenewedLife is how long a token that Renew made lives.
const RenewedLife = 60 * 24 * time.Hour

// Renew exchanges a valid token for a new one that lives 60 days from now. The old
// token stays valid until it expires. A token that has expired is an ErrAuth; then
// only a new signup or [Client.FetchToken] helps.
//
// The call is sent once: each repetition would make one more valid token that is
// not stored anywhere. After an ErrOutcomeUnknown the old token still works.
//
// Token: none; the app's id and secret are sent with the token.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/access-tokens
func (c *Client) Renew(ctx context.Context, token graph.Secret) (Token, error) {
	if err := c.checkApp(ctx); err != nil {
		return Token{}, err
	}
	if token.IsZero() {
		return Token{}, &graph.InputError{Field: "token", Reason: "is empty"}
	}
	form := renewal{GrantType: "fb_exchange_token", ClientID: c.app.ID, ClientSecret: c.app.Secret, Token: token, SixtyDays: true}
	asked := time.Now()
	fresh, err := c.fetch(ctx, graph.Request{Method: http.MethodPost, Route: routeToken, Form: form, Repeat: graph.RepeatOnce})
	if err == nil && fresh.Expires.IsZero() {
		// The request asked for 60 days, so a missing lifetime does not mean a
		// token that never expires.
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
