package signup

import (
	"encoding/json"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Callback is what FB.login hands to the page when the customer has finished:
// a code. Integrations that do not set response_type get an access token instead.
type Callback struct {
	Code, AccessToken graph.Secret
}

// ParseCallback reads what the page posts to the server when the customer has
// finished: the object that FB.login hands to its callback function, or the code
// alone.
//
//	{"authResponse":{"code":"..."},"status":"connected"}
//	{"code":"..."}
//
// The body must have an authResponse or a code, and not both. If the customer closed
// the window or refused, it has neither. The error is then an InputError. No error
// shows a part of the code.
func ParseCallback(body []byte) (Callback, error) {
	var response struct {
		Auth *struct {
			Code        graph.Secret `json:"code"`
			AccessToken graph.Secret `json:"accessToken"`
		} `json:"authResponse"`
		Code   graph.Secret `json:"code"`
		Status string       `json:"status"`
	}
	if err := json.Unmarshal(body, &response); err != nil {
		return Callback{}, &graph.InputError{Field: "login callback", Reason: "is not a JSON object of FB.login"}
	}
	callback := Callback{Code: response.Code}
	switch {
	case response.Auth != nil && !response.Code.IsZero():
		return Callback{}, &graph.InputError{Field: "login callback", Reason: "has an authResponse and a code beside it; send one of them"}
	case response.Auth != nil:
		callback = Callback{Code: response.Auth.Code, AccessToken: response.Auth.AccessToken}
	case response.Code.IsZero():
		return Callback{}, &graph.InputError{Field: "login callback", Reason: "has no authResponse and no code: the client did not finish the login"}
	}
	if err := callback.Check(); err != nil {
		return Callback{}, err
	}
	return callback, nil
}

// Check returns an InputError if the Callback cannot be redeemed. It must have
// either a code or an access token, and a code must not contain blanks.
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
