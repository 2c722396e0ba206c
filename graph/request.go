package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-querystring/query"
)

// Request describes one Graph call. Route and IDs are apart, so that traces and
// metrics have few distinct names, and so that an id cannot become a path.
type Request struct {
	// Method is GET, POST or DELETE.
	Method string
	// Route is the path below the version, with a placeholder for each id:
	// "/{waba-id}/phone_numbers". Placeholders that end in -id take digits.
	Route string
	// IDs fill the placeholders, in order.
	IDs []string
	// Query and Form are url.Values, or structs with go-querystring's url
	// tags. Secrets belong into Form. The Form, or JSON, is the body; Graph
	// reads parameters from the query and from the body alike.
	Query, Form any
	// JSON is encoded and sent as the body, in the place of a form.
	JSON any
	// Repeat says whether the call may be sent again after a failure.
	Repeat Repeat
}

// Repeat says when a call may be sent again.
type Repeat int

const (
	// RepeatAuto repeats a call that Meta did not process (a throttle) or that
	// was never sent (no connection), and a read after any failure that may
	// pass.
	RepeatAuto Repeat = iota
	// RepeatAlways also repeats a write whose answer was lost: the caller
	// promises that doing it twice is the same as doing it once.
	RepeatAlways
	// RepeatOnce never sends a call twice, not even after a throttle, and
	// keeps net/http from sending it twice.
	RepeatOnce
)

// isRead reports whether the call changes nothing.
func (r *Request) isRead() bool { return r.Method == http.MethodGet }

// mayRepeat reports whether the call may be made twice.
func (r *Request) mayRepeat() bool {
	return r.Repeat == RepeatAlways || r.Repeat == RepeatAuto && r.isRead()
}

func (r *Request) check() error {
	switch r.Method {
	case http.MethodGet, http.MethodPost, http.MethodDelete:
	default:
		return &InputError{Field: "method", Reason: fmt.Sprintf("must be GET, POST or DELETE, got %.20q", r.Method)}
	}
	if r.Form != nil && r.JSON != nil {
		return &InputError{Field: "request", Reason: "has a form and a JSON body; Graph takes one"}
	}
	if r.isRead() && (r.Form != nil || r.JSON != nil) {
		return &InputError{Field: "request", Reason: "is a GET with a body; parameters of a read go into Query"}
	}
	return nil
}

// path fills the route with the ids, each of which is checked.
func (r *Request) path(prefix string) (string, error) {
	if !strings.HasPrefix(r.Route, "/") {
		return "", &InputError{Field: "route", Reason: fmt.Sprintf("must begin with a slash, got %.60q", r.Route)}
	}
	var b strings.Builder
	b.Grow(len(prefix) + len(r.Route) + 8*len(r.IDs))
	b.WriteString(prefix)
	rest, ids := r.Route, r.IDs
	for {
		before, name, after, ok := nextPlaceholder(rest)
		if !isPlainPath(before) {
			return "", &InputError{Field: "route", Reason: fmt.Sprintf("must be made of names, slashes and {placeholders}, got %.60q", r.Route)}
		}
		b.WriteString(before)
		if !ok {
			break
		}
		if len(ids) == 0 {
			return "", &InputError{Field: name, Reason: "is missing"}
		}
		if err := checkSegment(name, ids[0]); err != nil {
			return "", err
		}
		b.WriteString(ids[0])
		rest, ids = after, ids[1:]
	}
	if len(ids) > 0 {
		return "", &InputError{Field: "ids", Reason: fmt.Sprintf("has more ids than %s has places", r.Route)}
	}
	return b.String(), nil
}

func checkSegment(name, value string) error {
	if strings.HasSuffix(name, "-id") {
		return checkID(name, value)
	}
	if value == "" {
		return &InputError{Field: name, Reason: "is empty"}
	}
	if !isPlainPath(value) || strings.Contains(value, "/") {
		return &InputError{Field: name, Reason: "must be letters, digits, - and _ only, got " + quoted(value)}
	}
	return nil
}

// encodeParams returns a Query or a Form as values. They may be the caller's, and
// must not be changed.
func encodeParams(field string, params any) (_ url.Values, err error) {
	defer func() {
		if p := recover(); p != nil { // an EncodeValues of the caller's
			err = cannotBeEncoded(field, fmt.Errorf("EncodeValues panicked: %v", p))
		}
	}()
	switch p := params.(type) {
	case nil:
		return nil, nil
	case url.Values:
		return p, nil
	}
	values, err := query.Values(params)
	if err != nil {
		return nil, cannotBeEncoded(field, err)
	}
	return values, nil
}

func cannotBeEncoded(field string, err error) error {
	return &InputError{Field: field, Reason: "cannot be encoded: " + err.Error()}
}

// tokenParams are the parameters in which a Graph call can carry its token or
// the proof of it. Those belong in the header, so the parameters are refused.
var tokenParams = [...]string{"access_token", paramProof, "appsecret_time"}

// secretParams are the parameters whose values never show in an error.
var secretParams = [...]string{
	"client_secret", "code", "fb_exchange_token", "input_token", "pin", "revoke_token", "verify_token",
}

// refuseTokenKeys refuses tokenParams among the outermost keys of a JSON body.
func refuseTokenKeys(body []byte) error {
	var keys map[string]json.RawMessage
	_ = json.Unmarshal(body, &keys) // a list or a plain value has none
	values := make(url.Values, len(keys))
	for key := range keys {
		values[key] = nil
	}
	return refuseTokenParams(values)
}

func refuseTokenParams(values url.Values) error {
	for _, name := range tokenParams {
		if values.Has(name) {
			return &InputError{Field: name, Reason: "is not a parameter here: the token comes from the client's TokenSource"}
		}
	}
	return nil
}

// body encodes Form or JSON.
func (r *Request) body() (body []byte, contentType string, form url.Values, err error) {
	switch {
	case r.JSON != nil:
		body, err = encodeJSON(r.JSON)
		if err != nil {
			return nil, "", nil, cannotBeEncoded("JSON body", err)
		}
		return body, "application/json", nil, refuseTokenKeys(body)
	case r.Form != nil:
		form, err = encodeParams("form", r.Form)
		if err != nil {
			return nil, "", nil, err
		}
		if err = refuseTokenParams(form); err != nil {
			return nil, "", nil, err
		}
		return []byte(form.Encode()), "application/x-www-form-urlencoded", form, nil
	}
	return nil, "", nil, nil
}

// encodeJSON recovers a panic of a MarshalJSON of the caller's.
func encodeJSON(value any) (body []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("MarshalJSON panicked: %v", p)
		}
	}()
	return json.Marshal(value)
}
