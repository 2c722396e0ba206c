package signup

import (
	"context"
	"encoding/json"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"golang.org/x/oauth2"
)

// App is the Meta app whose Embedded Signup the client went through.
type App struct {
	ID     graph.AppID
	Secret graph.Secret
}

// Check refuses, with an InputError, an App without an id or a secret.
func (a App) Check() error {
	if err := graph.CheckID("app id", a.ID); err != nil {
		return err
	}
	if a.Secret.IsZero() {
		return &graph.InputError{Field: "app secret", Reason: "is empty"}
	}
	return nil
}

// Token is the app's own token, good for calls about the app and its tokens.
func (a App) Token(context.Context) (*oauth2.Token, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	return &oauth2.Token{AccessToken: string(a.ID) + "|" + a.Secret.Reveal(), TokenType: "Bearer"}, nil
}

// Client makes the calls of this package. It is safe for concurrent use.
type Client struct {
	client *graph.Client
	app    App
}

// New makes a Client for the signups of an app. It calls through client, but
// with the app's credentials instead of its token.
func New(client *graph.Client, app App) *Client { return &Client{client: client, app: app} }

// Callback is what FB.login hands to the page once the client is through: a
// code, or an access token from integrations that do not set response_type.
type Callback struct {
	Code, AccessToken graph.Secret
}

// ParseCallback reads the object that FB.login hands to its callback, as the
// page posts it on: {"authResponse":{"code":"..."},"status":"connected"}. A
// client that closed the window or refused is an InputError.
func ParseCallback(body []byte) (Callback, error) {
	var response struct {
		Auth *struct {
			Code        graph.Secret `json:"code"`
			AccessToken graph.Secret `json:"accessToken"`
		} `json:"authResponse"`
		Status string `json:"status"`
	}
	if err := json.Unmarshal(body, &response); err != nil {
		return Callback{}, &graph.InputError{Field: "login callback", Reason: "is no JSON object of FB.login"}
	}
	if response.Auth == nil {
		return Callback{}, &graph.InputError{Field: "login callback", Reason: "has no authResponse: the client did not finish the login"}
	}
	callback := Callback{Code: response.Auth.Code, AccessToken: response.Auth.AccessToken}
	if err := callback.Check(); err != nil {
		return Callback{}, err
	}
	return callback, nil
}

// Check refuses, with an InputError, a Callback that cannot be redeemed: it has
// either a code or an access token, and a code has no blanks in it.
func (cb Callback) Check() error {
	switch {
	case cb.Code.IsZero() && cb.AccessToken.IsZero():
		return &graph.InputError{Field: "login callback", Reason: "has neither a code nor an access token"}
	case !cb.Code.IsZero() && !cb.AccessToken.IsZero():
		return &graph.InputError{Field: "login callback", Reason: "has a code and an access token; one signup gives one of them"}
	case !cb.Code.IsZero():
		return checkCode(cb.Code)
	}
	return nil
}

// Token is a client's access token. It is a graph.TokenSource: graph.As(token)
// calls with it.
type Token struct {
	Access graph.Secret
	// Expires is zero for a token that does not expire, and when Meta did not say.
	Expires time.Time
	// User is true for the token of a person from the older login callback: it
	// lives hours, and the partner works with its own system user afterwards.
	User bool
}

// Token hands the token to a graph.Client.
func (t Token) Token(ctx context.Context) (*oauth2.Token, error) {
	return graph.SecretToken(t.Access).Token(ctx)
}
