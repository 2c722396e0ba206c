package signup

import (
	"context"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/redact"
)

// TokenInfo is what Meta says about a token.
//
// https://developers.facebook.com/docs/graph-api/reference/debug_token
type TokenInfo struct {
	AppID       graph.AppID `json:"app_id"`
	Application string      `json:"application"`
	// Type is USER, SYSTEM_USER (also for business tokens), APP or PAGE.
	Type  string     `json:"type"`
	Valid graph.Bool `json:"is_valid"`
	// ExpiresAt is zero for a token that does not expire.
	ExpiresAt graph.Time `json:"expires_at"`
	// DataAccessExpiresAt is zero for system users.
	DataAccessExpiresAt graph.Time      `json:"data_access_expires_at"`
	IssuedAt            graph.Time      `json:"issued_at"`
	Scopes              []string        `json:"scopes"`
	GranularScopes      []GranularScope `json:"granular_scopes"`
	UserID              graph.UserID    `json:"user_id"`
	// Problem says why a token is not valid.
	Problem *TokenProblem `json:"error"`
}

// GranularScope is a permission with the objects that it is limited to.
type GranularScope struct {
	Scope string `json:"scope"`
	// TargetIDs are WABAs for the WhatsApp scopes and portfolios for
	// business_management. A missing or empty list means that there is no limit.
	TargetIDs []TargetID `json:"target_ids"`
}

// TargetID is the id of an object whose kind depends on the scope.
type TargetID string

// UnmarshalJSON accepts a string or a number: Meta's reference shows numbers, and
// its examples show strings.
func (id *TargetID) UnmarshalJSON(b []byte) error {
	var text graph.BusinessID
	err := text.UnmarshalJSON(b)
	*id = TargetID(text)
	return err
}

// TokenProblem says why a token is not valid.
type TokenProblem struct {
	Code    graph.Int `json:"code"`
	Subcode graph.Int `json:"subcode"`
	Message string    `json:"message"`
}

// Debug asks Meta what a token is and what it may do. A token that is not valid is
// not an error of Debug: the result has Valid false, and [TokenInfo.Err] says why.
// An error of Debug is about the app's own credentials or about the call.
//
// Token: the app's own. The token that Debug asks about is sent in the query, as
// Meta requires; this module's errors and traces do not show it.
//
// https://developers.facebook.com/docs/graph-api/reference/debug_token
func (c *Client) Debug(ctx context.Context, token graph.Secret) (TokenInfo, error) {
	if err := c.checkApp(ctx); err != nil {
		return TokenInfo{}, err
	}
	if token.IsZero() {
		return TokenInfo{}, &graph.InputError{Field: "token", Reason: "is empty"}
	}
	var answer struct {
		Data *TokenInfo `json:"data"`
	}
	req := graph.Request{Method: http.MethodGet, Route: routeDebugToken, Query: debugQuery{token}}
	if err := c.client.As(c.app).Do(ctx, req, &answer); err != nil {
		return TokenInfo{}, err
	}
	if answer.Data == nil {
		return TokenInfo{}, &graph.Error{
			Kind: graph.ErrBadResponse, Status: http.StatusOK, Method: req.Method, Route: req.Route,
			Message: "the answer holds no data",
		}
	}
	if p := answer.Data.Problem; p != nil {
		p.Message = redact.Text(p.Message, token.Reveal(), c.app.Secret.Reveal())
	}
	return *answer.Data, nil
}

type debugQuery struct {
	Input graph.Secret `url:"input_token"`
}

// Err returns nil for a valid token. Otherwise it returns a *graph.Error of kind
// ErrAuth that says why the token is not valid.
func (i TokenInfo) Err() error {
	if bool(i.Valid) {
		return nil
	}
	e := &graph.Error{
		Kind: graph.ErrAuth, Status: http.StatusOK, Method: http.MethodGet, Route: routeDebugToken,
		Message: "the token is not valid", Advice: "The client has to go through the signup again, unless a fresh token can be fetched for its business",
	}
	if i.Problem != nil {
		e.Code, e.Subcode, e.Message = int(i.Problem.Code), int(i.Problem.Subcode), i.Problem.Message
	}
	return e
}
