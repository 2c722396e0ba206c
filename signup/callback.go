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

// ParseCallback reads the object that FB.login hands to its callback function
// and that the page posts to the server:
//
//	{"authResponse":{"code":"..."},"status":"connected"}
//
// If the customer closed the window or refused, there is no authResponse, and the
// error is an InputError. No error shows a part of the code.
func ParseCallback(body []byte) (Callback, error) {
	var response struct {
		Auth *struct {
			Code        graph.Secret `json:"code"`
			AccessToken graph.Secret `json:"accessToken"`
		} `json:"authResponse"`
		Status string `json:"status"`
	}
	if err := json.Unmarshal(body, &response); err != nil {
		return Callback{}, &graph.InputError{Field: "login callback", Reason: "is not a JSON object of FB.login"}
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
