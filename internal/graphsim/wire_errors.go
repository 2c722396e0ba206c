package graphsim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The types of Graph's errors. OAuthException is also the type of most errors that have
// nothing to do with authentication.
const (
	oauthException  = "OAuthException"
	methodException = "GraphMethodException"
)

// apiError is a Graph error before it is written.
type apiError struct {
	status        int // zero: the one of statusOf
	code, subcode int
	kind          string // empty: OAuthException
	message       string // as sent, with its (#code) prefix where Meta has one
	title, text   string // error_user_title and error_user_msg
	details       string // error_data.details, the WhatsApp form
	blame         []string
	transient     bool
	original      any // original_response: the write happened, but its fields could not be read
	regain        time.Duration
}

// statusOf returns the HTTP status of a code. Most are 400. The codes that the WhatsApp
// error page lists with 401, 403 or 5xx have that status.
func statusOf(code int) int {
	switch code {
	case 0, 190:
		return http.StatusUnauthorized
	case 10, 368, 131005, 131031, 130497:
		return http.StatusForbidden
	case 803:
		return http.StatusNotFound
	case 1, 131000, 131016, 131045, 131057, 133000:
		return http.StatusInternalServerError
	case 2, 133004:
		return http.StatusServiceUnavailable
	}
	if code >= 200 && code <= 299 {
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

func (e *apiError) httpStatus() int {
	if e.status != 0 {
		return e.status
	}
	return statusOf(e.code)
}

func (e *apiError) kindOr() string {
	if e.kind == "" {
		return oauthException
	}
	return e.kind
}

// body builds the error object, with its keys in Meta's order.
func (e *apiError) body(trace string) obj {
	o := obj{{"message", e.message}, {"type", e.kindOr()}, {"code", e.code}}
	switch {
	case e.details != "":
		o = append(o, pair{"error_data", obj{{"messaging_product", "whatsapp"}, {"details", e.details}}})
	case e.blame != nil:
		o = append(o, pair{"error_data", obj{{"blame_field_specs", []any{e.blame}}}})
	}
	if e.subcode != 0 {
		o = append(o, pair{"error_subcode", e.subcode})
	}
	if e.transient || e.title != "" {
		o = append(o, pair{"is_transient", e.transient})
	}
	o = o.with("error_user_title", e.title).with("error_user_msg", e.text)
	o = o.with("original_response", e.original)
	return obj{{"error", append(o, pair{"fbtrace_id", trace})}}
}

// challenge returns the Www-Authenticate header of an OAuth error.
func (e *apiError) challenge() string {
	reason := "invalid_request"
	switch e.code {
	case 0, 102, 104, 190, 2500:
		reason = "invalid_token"
	case 10, 200:
		reason = "insufficient_scope"
	}
	return fmt.Sprintf("OAuth \"Facebook Platform\" %q %q", reason, e.message)
}

// numbered puts the code in front of the text. Most messages of Meta have it, but not
// all.
func numbered(code int, text string) string { return "(#" + strconv.Itoa(code) + ") " + text }

// errParam is the most frequent error: code 100 with a text.
func errParam(format string, args ...any) *apiError {
	return &apiError{code: 100, message: numbered(100, fmt.Sprintf(format, args...))}
}

// errBlame also names the parameter in error_data, as some edges do.
func errBlame(param, format string, args ...any) *apiError {
	e := errParam(format, args...)
	e.blame = []string{param}
	return e
}

func errMissing(param string) *apiError {
	return errParam("The parameter %s is required.", param)
}

// errNoObject does not say whether the object does not exist or the token may not see
// it.
func errNoObject(method, id string) *apiError {
	return &apiError{code: 100, subcode: 33, kind: methodException, message: fmt.Sprintf(
		"Unsupported %s request. Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation. "+
			"Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api", strings.ToLower(method), id)}
}

// errNoField spells "nonexisting" as Meta does.
func errNoField(field, nodeType string) *apiError {
	return errParam("Tried accessing nonexisting field (%s) on node type (%s)", field, nodeType)
}

// errUnknownPath is the error of a path that is not an edge of any node, and of an
// unknown version.
func errUnknownPath(path string) *apiError {
	return &apiError{code: 2500, message: "Unknown path components: " + path}
}

func errPermission(text string) *apiError {
	return &apiError{code: 200, message: numbered(200, text)}
}

// errToken is the error of a token that is not valid. A subcode of zero means that the
// text is not a token.
func errToken(subcode int, text string) *apiError {
	return &apiError{code: 190, subcode: subcode, message: text}
}

// errWhatsApp is an error of the WhatsApp list. Its reason stands in
// error_data.details.
func errWhatsApp(code int, text, details string) *apiError {
	return &apiError{code: code, message: numbered(code, text), details: details}
}

// errUser is an error whose meaning is in the subcode and in the texts for people.
func errUser(subcode int, title, text string) *apiError {
	return &apiError{code: 100, subcode: subcode, message: "Invalid parameter", title: title, text: text}
}
