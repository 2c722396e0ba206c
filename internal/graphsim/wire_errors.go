package graphsim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The two exception types that matter here. The first is also the type of most errors
// that have nothing to do with authentication.
const (
	oauthException  = "OAuthException"
	methodException = "GraphMethodException"
)

// apiError is one Graph error before it is written to the wire.
type apiError struct {
	status        int // zero: statusOf the code
	code, subcode int
	kind          string // empty: OAuthException
	message       string // as sent, with its (#code) prefix where Meta has one
	title, text   string // error_user_title and error_user_msg
	details       string // error_data.details, the WhatsApp form
	blame         []string
	transient     bool
	original      any // original_response: the write happened, reading back failed
	regain        time.Duration
}

// statusOf gives the HTTP status of a code: mostly 400; what the WhatsApp error page
// lists as 401, 403, 5xx is served so.
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

// body builds the error object in Meta's order of keys.
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

// challenge is the www-authenticate header that accompanies OAuth errors.
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

// numbered puts the code in front, as most but not all of Meta's messages have it.
func numbered(code int, text string) string { return "(#" + strconv.Itoa(code) + ") " + text }

// errParam is the everyday refusal: code 100 with a text.
func errParam(format string, args ...any) *apiError {
	return &apiError{code: 100, message: numbered(100, fmt.Sprintf(format, args...))}
}

// errBlame names the parameter in error_data as some edges do.
func errBlame(param, format string, args ...any) *apiError {
	e := errParam(format, args...)
	e.blame = []string{param}
	return e
}

func errMissing(param string) *apiError {
	return errParam("The parameter %s is required.", param)
}

// errNoObject hides whether an object is gone or merely not visible to the token.
func errNoObject(method, id string) *apiError {
	return &apiError{code: 100, subcode: 33, kind: methodException, message: fmt.Sprintf(
		"Unsupported %s request. Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation. "+
			"Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api", strings.ToLower(method), id)}
}

// errNoField spells "nonexisting" as the wire does.
func errNoField(field, nodeType string) *apiError {
	return errParam("Tried accessing nonexisting field (%s) on node type (%s)", field, nodeType)
}

// errUnknownPath is for paths that are no edge of anything, and unknown versions.
func errUnknownPath(path string) *apiError {
	return &apiError{code: 2500, message: "Unknown path components: " + path}
}

func errPermission(text string) *apiError {
	return &apiError{code: 200, message: numbered(200, text)}
}

// errToken is a dead or foreign token; subcode zero means it is no token at all.
func errToken(subcode int, text string) *apiError {
	return &apiError{code: 190, subcode: subcode, message: text}
}

// errWhatsApp is an error of the WhatsApp list, whose reason stands in error_data.details.
func errWhatsApp(code int, text, details string) *apiError {
	return &apiError{code: code, message: numbered(code, text), details: details}
}

// errUser is an error whose number is the subcode and whose reason is only in the
// texts meant for people.
func errUser(subcode int, title, text string) *apiError {
	return &apiError{code: 100, subcode: subcode, message: "Invalid parameter", title: title, text: text}
}
