package signup

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// FetchToken reads the token that the signup of a customer's business made. It
// needs no code: use it for hosted signups, and when the answer of an exchange was
// lost. It does not make a new token, so it may be repeated.
//
// Token: the partner's admin system user, with business_management. The client
// that was given to [New] must send the app secret proof (graph.WithAppSecret).
// Errors: ErrPermission or ErrNotFound if the business shares nothing with the
// app.
//
// https://developers.facebook.com/documentation/facebook-login/facebook-login-for-business
func (c *Client) FetchToken(ctx context.Context, business graph.BusinessID) (Token, error) {
	if err := c.check(ctx); err != nil {
		return Token{}, err
	}
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

// fetchAs makes a call whose answer holds a token.
func (c *Client) fetchAs(ctx context.Context, client *graph.Client, req graph.Request) (Token, error) {
	var answer struct {
		Access  graph.Secret `json:"access_token"`
		Expires lifetime     `json:"expires_in"` // absent if the token never expires
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

// lifetime is a number of seconds. A lifetime that cannot be read counts as
// absent: the token that came with it must not be lost, and debug_token returns
// its expiry again.
type lifetime time.Duration

func (l *lifetime) UnmarshalJSON(b []byte) error {
	seconds, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err == nil && seconds > 0 && seconds < maxLifetime.Seconds() {
		*l = lifetime(seconds * float64(time.Second))
	}
	return nil
}

// maxLifetime is the longest lifetime that is believed: 100 years.
const maxLifetime = 100 * 365 * 24 * time.Hour
