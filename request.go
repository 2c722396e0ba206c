package wagraph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-querystring/query"
)

// Request is one Graph call. Route and ids are apart, so that traces and
// metrics have few distinct names, and so that no id can turn into a path.
type Request struct {
	// Method is GET, POST or DELETE.
	Method string
	// Route is the path below the version, with a placeholder per id:
	// "/{waba-id}/phone_numbers". Placeholders that end in -id take digits.
	Route string
	// IDs fill the placeholders, in order.
	IDs []string
	// Query and Form are url.Values, or structs with go-querystring's url
	// tags. Secrets belong into Form. With a Form or JSON the body is that;
	// Graph reads parameters from either alike.
	Query, Form any
	// JSON is sent as the body instead of a form.
	JSON any
	// Repeat says whether the call may be sent again after a failure.
	Repeat Repeat
}

// Repeat says when a call may be sent again.
type Repeat int

const (
	// RepeatAuto repeats what Meta said it did not process (a throttle) and
	// what never left (no connection); and, for reads, any passing failure.
	RepeatAuto Repeat = iota
	// RepeatAlways also repeats a write after a lost answer: the caller
	// vouches that doing it twice is doing it once.
	RepeatAlways
	// RepeatOnce never sends a call twice, not even after a throttle, and
	// keeps net/http from doing so.
	RepeatOnce
)

// isRead tells whether the call changes nothing.
func (r *Request) isRead() bool { return r.Method == http.MethodGet }

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

// path fills the route. Only what checkID or checkSegment let through gets in.
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

func nextPlaceholder(route string) (before, name, after string, ok bool) {
	open := strings.IndexByte(route, '{')
	if open < 0 {
		return route, "", "", false
	}
	end := strings.IndexByte(route[open:], '}')
	if end < 0 {
		return route, "", "", false
	}
	return route[:open], route[open+1 : open+end], route[open+end+1:], true
}

// isPlainPath tells a piece of a route that is nothing but path: parameters go
// into Query, and no dots lead out of the version.
func isPlainPath(text string) bool {
	for i := range len(text) {
		switch b := text[i]; {
		case b >= '0' && b <= '9', b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b == '_', b == '-', b == '/':
		default:
			return false
		}
	}
	return true
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

// fillRoute is path for people: it never fails.
func fillRoute(route string, ids []string) string {
	var b strings.Builder
	for {
		before, name, after, ok := nextPlaceholder(route)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		if len(ids) > 0 {
			b.WriteString(ids[0])
			ids = ids[1:]
		} else {
			b.WriteString("{" + name + "}")
		}
		route = after
	}
}

// encodeParams turns a Query or Form into values to be read only: they may be
// the caller's.
func encodeParams(field string, params any) (url.Values, error) {
	switch p := params.(type) {
	case nil:
		return nil, nil
	case url.Values:
		return p, nil
	}
	values, err := query.Values(params)
	if err != nil {
		return nil, &InputError{Field: field, Reason: "cannot be encoded: " + err.Error()}
	}
	return values, nil
}

// tokenParams are the parameters in which a Graph call can carry the caller's
// own credential. They belong in the header, so they are refused here.
var tokenParams = [...]string{"access_token", paramProof, "appsecret_time"}

// secretParams are the parameters whose values never show in an error.
var secretParams = [...]string{
	"client_secret", "code", "fb_exchange_token", "input_token", "pin", "revoke_token", "verify_token",
}

// refuseTokenKeys is refuseTokenParams for the outermost keys of a JSON body.
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
		body, err = json.Marshal(r.JSON)
		if err != nil {
			return nil, "", nil, &InputError{Field: "JSON body", Reason: "cannot be encoded: " + err.Error()}
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
