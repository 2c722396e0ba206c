package graph

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/chain"
)

// Kind says what a failure means for the caller. Kinds are errors, so that
// errors.Is(err, graph.ErrThrottled) asks for one.
type Kind string

// The kinds. Every error of this module has exactly one; see [KindOf].
const (
	// ErrInput means that an argument is wrong. It was found before any request
	// was sent; see [InputError].
	ErrInput Kind = "input"
	// ErrAuth means that the token is expired, revoked, malformed, or of another
	// app.
	ErrAuth Kind = "auth"
	// ErrPermission means that the token is valid, but lacks a permission, role
	// or task.
	ErrPermission Kind = "permission"
	// ErrNotFound means that the object does not exist, or that this token may
	// not see it. Meta does not say which of the two.
	ErrNotFound Kind = "not_found"
	// ErrInvalid means that Meta refused the parameters.
	ErrInvalid Kind = "invalid"
	// ErrThrottled means that a rate limit is exceeded. The call was not
	// processed. Error.RetryAfter is the wait that Meta named, if it named one.
	ErrThrottled Kind = "throttled"
	// ErrWait means that the call is possible only after a long wait (a
	// registration lock, a deletion that is still going on). It is never
	// repeated by the SDK.
	ErrWait Kind = "wait"
	// ErrAccountState means that an account is restricted, banned or unpaid. A
	// person has to act.
	ErrAccountState Kind = "account_state"
	// ErrTooMuchData means that the answer would be too large. Lists halve their
	// pages then.
	ErrTooMuchData Kind = "too_much_data"
	// ErrTransient means a fault on the way, on Meta's side or of the
	// application's Pacer or TokenSource. A call that ends with it changed
	// nothing, or may be made again without harm.
	ErrTransient Kind = "transient"
	// ErrInterrupted means that the context ended. Its error is in the chain too.
	ErrInterrupted Kind = "interrupted"
	// ErrOutcomeUnknown means that a call that must not be made twice was cut
	// off. It may or may not have taken effect: look before you act again.
	ErrOutcomeUnknown Kind = "outcome_unknown"
	// ErrReadAfterWrite means that a write was done, and that reading it back
	// failed. Do not repeat it. Meta's answer to the write is in
	// Error.OriginalResponse.
	ErrReadAfterWrite Kind = "read_after_write"
	// ErrBadResponse means that the answer cannot be from Graph: HTML, cut-off
	// JSON, a redirect, more bytes than the limit, or a shape that cannot be
	// right.
	ErrBadResponse Kind = "bad_response"
	// ErrCursorExpired means that the cursor from which a list was resumed is no
	// longer valid. Read the list again from the first page.
	ErrCursorExpired Kind = "cursor_expired"
	// ErrTooMany means that a list has more items than the caller allowed.
	ErrTooMany Kind = "too_many"
	// ErrConflict means that another process holds or has changed the object of
	// the call. Read it again, or try again later.
	ErrConflict Kind = "conflict"
	// ErrRefused means that a hook of the application refused, such as onboard's
	// Approve.
	ErrRefused Kind = "refused"
	// ErrPanicked means that code of the application panicked: a Tracer, a Pacer,
	// a TokenSource, a RoundTripper, an UnmarshalJSON, a Store, a hook. The error
	// names it, and Error.Stack holds the stack.
	ErrPanicked Kind = "panicked"
	// ErrUnclassified means an error of Meta's whose number this SDK does not
	// know.
	ErrUnclassified Kind = "unclassified"
)

// Error returns the kind in words. It makes a Kind a target for errors.Is.
func (k Kind) Error() string { return "wagraph: " + strings.ReplaceAll(string(k), "_", " ") }

// Error describes a call that failed after it was sent, or while it waited to be
// sent. Through errors.Is it matches its Kind and its cause (context.Canceled, a
// network error). It never holds a URL, a token or another secret.
//
// Its text begins with "wagraph: ", the name of the module, and not with the name
// of this package: that is the word to search for in a log.
//
// https://developers.facebook.com/docs/graph-api/guides/error-handling
type Error struct {
	Kind Kind
	// Status is the HTTP status, 0 when no answer came. Meta's statuses say
	// little: decide on Kind, or on Code and Subcode.
	Status int
	// Code and Subcode are Meta's numbers. Some known numbers arrive as either.
	Code, Subcode int
	// Type is Meta's class name, such as OAuthException.
	Type string
	// Message is Meta's English text, for developers; it may change any time.
	Message string
	// UserTitle and UserMessage are Meta's localised texts for users, and
	// sometimes the only place with the reason.
	UserTitle, UserMessage string
	// Details is error_data.details, or error_data itself when it is a text.
	Details string
	// BlameFields names the parameters that Meta found at fault.
	BlameFields []string
	// TraceID is the id that Meta's support asks for.
	TraceID string
	// Advice says what to do about it, in the words of this SDK.
	Advice string
	// Method, Route and IDs name the call. Route is the template, such as
	// /{waba-id}/phone_numbers, and IDs fill it.
	Method, Route string
	IDs           []string
	// Transient is Meta's own is_transient. False proves nothing.
	Transient bool
	// OriginalResponse is Meta's answer to the write of an ErrReadAfterWrite.
	OriginalResponse []byte
	// Attempts is the number of attempts to send the call.
	Attempts int
	// RetryAfter is the wait that Meta named, never shortened; 0 if none.
	RetryAfter time.Duration
	// Stack is the stack of the goroutine that panicked, of an ErrPanicked.
	Stack []byte

	cause error
}

// Unwrap returns the Kind, and the cause if there is one. The cause may be another
// Error: its Kind is not found then, because an error has one Kind.
func (e *Error) Unwrap() []error {
	switch {
	case e == nil:
		return nil
	case e.cause == nil:
		return []error{e.Kind}
	}
	return []error{e.Kind, chain.Without(e.cause, e.Kind)}
}

// Error says which call failed, why in Meta's words, and what to do.
func (e *Error) Error() string {
	if e == nil {
		return "wagraph: no error"
	}
	var b strings.Builder
	b.WriteString("wagraph: ")
	if e.Method != "" { // a panic outside of a call has none
		fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path())
	}
	b.WriteString(strings.ReplaceAll(string(e.Kind), "_", " "))
	switch {
	case e.Code != 0 && e.Subcode != 0:
		fmt.Fprintf(&b, " (code %d, subcode %d)", e.Code, e.Subcode)
	case e.Code != 0:
		fmt.Fprintf(&b, " (code %d)", e.Code)
	case e.Status != 0:
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	}
	for _, text := range []string{e.Message, e.Details, e.UserTitle, e.UserMessage} {
		if text != "" {
			b.WriteString(": " + strings.TrimRight(text, ". "))
		}
	}
	if len(e.BlameFields) > 0 {
		fmt.Fprintf(&b, " [at fault: %s]", strings.Join(e.BlameFields, ", "))
	}
	if e.cause != nil {
		b.WriteString(": " + strings.TrimRight(e.cause.Error(), ". "))
	}
	b.WriteString(".")
	if e.Advice != "" {
		b.WriteString(" " + e.Advice + ".")
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, " Wait %v.", e.RetryAfter.Round(time.Second))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " Tried %d times.", e.Attempts)
	}
	if e.TraceID != "" {
		fmt.Fprintf(&b, " Trace %s.", e.TraceID)
	}
	return b.String()
}

// Path returns the route with its ids filled in, without version and parameters.
func (e *Error) Path() string {
	if e == nil {
		return ""
	}
	return displayPath(e.Route, e.IDs)
}

// LogValue returns the parts of the error as attributes, so that logs can be
// searched by them.
func (e *Error) LogValue() slog.Value {
	if e == nil {
		return slog.Value{}
	}
	attrs := []slog.Attr{
		slog.String("kind", string(e.Kind)), slog.String("method", e.Method),
		slog.String("route", e.Route), slog.Int("status", e.Status),
		slog.Int("code", e.Code), slog.Int("subcode", e.Subcode),
		slog.String("message", e.Message), slog.Int("attempts", e.Attempts),
	}
	for _, opt := range []slog.Attr{
		slog.String("ids", strings.Join(e.IDs, ",")), slog.String("details", e.Details),
		slog.String("user_message", e.UserMessage), slog.String("trace_id", e.TraceID),
	} {
		if opt.Value.String() != "" {
			attrs = append(attrs, opt)
		}
	}
	if e.RetryAfter > 0 {
		attrs = append(attrs, slog.Duration("retry_after", e.RetryAfter))
	}
	if e.cause != nil {
		attrs = append(attrs, slog.String("cause", e.cause.Error()))
	}
	if len(e.Stack) > 0 {
		attrs = append(attrs, slog.String("stack", string(e.Stack)))
	}
	return slog.GroupValue(attrs...)
}

// Is reports whether target is a [Code] that the error carries, as its code or as
// its subcode: many numbers arrive as either.
func (e *Error) Is(target error) bool {
	n, ok := target.(Code)
	return ok && e != nil && n != 0 && (int(n) == e.Code || int(n) == e.Subcode)
}

// Code is a number of Meta's that an error is compared with:
// errors.Is(err, graph.Code(133016)) is true if 133016 came as the code or as
// the subcode.
type Code int

// Error returns the number in words. It makes a Code a target for errors.Is.
func (c Code) Error() string { return fmt.Sprintf("wagraph: code %d", int(c)) }

// InputError describes an argument that was refused before any request was sent.
// It matches ErrInput.
type InputError struct {
	// Field names the argument, in the words of the API: "waba-id", "pin".
	Field string
	// Reason completes the sentence that Field begins.
	Reason string
}

// Error says which argument is wrong, and why.
func (e *InputError) Error() string {
	if e == nil {
		return "wagraph: no error"
	}
	return "wagraph: " + e.Field + " " + e.Reason
}

// Unwrap returns ErrInput.
func (e *InputError) Unwrap() error { return ErrInput }

// quoted returns a short text in quotes for an error, and the length of a longer
// one: that may be a token in the place of something else, and nothing would
// recognize a piece of it later.
func quoted(text string) string {
	if len(text) > maxQuoted {
		return fmt.Sprintf("a text of %d bytes", len(text))
	}
	return strconv.Quote(text)
}

// maxQuoted is long enough for any id, number, date and status that Graph sends.
const maxQuoted = 32

// KindOf returns the first Kind in err's chain. Every error of this module has
// exactly one: errors.Is(err, kind) is true for it, and for no other. KindOf returns
// "" for nil and for errors of other code.
func KindOf(err error) Kind {
	kind, _ := errors.AsType[Kind](err)
	return kind
}
