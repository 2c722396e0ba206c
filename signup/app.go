package signup

import (
	"context"

	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// App is the Meta app whose Embedded Signup the customer completed.
type App struct {
	ID     graph.AppID
	Secret graph.Secret
}

// Check returns an InputError if the App has no valid id or no secret.
func (a App) Check() error {
	if err := graph.CheckID("app id", a.ID); err != nil {
		return err
	}
	if a.Secret.IsZero() {
		return &graph.InputError{Field: "app secret", Reason: "is empty"}
	}
	return nil
}

// Token returns the app's own token, for calls about the app and its tokens.
// An App is a graph.TokenSource. Errors: those of Check; an InputError for a nil
// context.
func (a App) Token(ctx context.Context) (*oauth2.Token, error) {
	if ctx == nil {
		return nil, errNilContext()
	}
	if err := a.Check(); err != nil {
		return nil, err
	}
	return &oauth2.Token{AccessToken: string(a.ID) + "|" + a.Secret.Reveal(), TokenType: "Bearer"}, nil
}
