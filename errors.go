package wagraph

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// Kind says what a failure means for the caller. Kinds are errors, so that
// errors.Is(err, wagraph.ErrThrottled) asks for one.
type Kind string

// The kinds. A failed call has exactly one.
const (
	// ErrInput: ours, before any request. The argument is wrong; see [InputError].
	ErrInput Kind = "input"
	// ErrAuth: the token is expired, revoked, malformed, or of another app.
	ErrAuth Kind = "auth"
	// ErrPermission: the token is good, but lacks a permission, role or task.
	ErrPermission Kind = "permission"
	// ErrNotFound: the object does not exist, or this token may not see it.
	// Meta does not tell the two apart.
	ErrNotFound Kind = "not_found"
	// ErrInvalid: Meta refused the parameters.
	ErrInvalid Kind = "invalid"
	// ErrThrottled: over a rate limit, and not processed. Error.RetryAfter is
	// the wait that Meta named, if it named one.
	ErrThrottled Kind = "throttled"
	// ErrWait: possible again only after a long wait (a registration lock, a
	// deletion that is still going on). Never repeated here.
	ErrWait Kind = "wait"
	// ErrAccountState: restricted, banned, unpaid: a person has to act.
	ErrAccountState Kind = "account_state"
	// ErrTooMuchData: the answer would be too large; lists halve their pages.
	ErrTooMuchData Kind = "too_much_data"
	// ErrTransient: a fault on the way or on Meta's side. A call that ends
	// with it changed nothing, or may be made again without harm.
	ErrTransient Kind = "transient"
	// ErrInterrupted: the context ended. The cause is in the chain too.
	ErrInterrupted Kind = "interrupted"
	// ErrOutcomeUnknown: a call that must not be made twice was cut off, so
	// that it may or may not have taken effect. Look before acting again.
	ErrOutcomeUnknown Kind = "outcome_unknown"
	// ErrReadAfterWrite: the write was done, reading it back failed. Meta's
	// answer to the write is in Error.OriginalResponse. Not to be repeated.
	ErrReadAfterWrite Kind = "read_after_write"
	// ErrBadResponse: what arrived is no Graph answer: HTML, cut-off JSON, a
	// redirect, more bytes than the limit, or a shape that cannot be right.
	ErrBadResponse Kind = "bad_response"
	// ErrCursorExpired: the cursor that a list was resumed from is dead. Start
	// the pass again from the first page.
	ErrCursorExpired Kind = "cursor_expired"
	// ErrTooMany: a list has more items than the caller allowed.
	ErrTooMany Kind = "too_many"
	// ErrConflict: another process holds or has changed what the call is about.
	// Read it again, or try again later.
	ErrConflict Kind = "conflict"
	// ErrRefused: a hook of the application, such as onboard's Approve, said no.
	ErrRefused Kind = "refused"
	// ErrPanicked: code that the application supplied (a Tracer, a Pacer, a
	// Store, a hook) panicked. The error names it.
	ErrPanicked Kind = "panicked"
	// ErrUnclassified: an error of Meta's that is in no table of ours.
	ErrUnclassified Kind = "unclassified"
)

// Error makes a Kind a target for errors.Is.
func (k Kind) Error() string { return "wagraph: " + strings.ReplaceAll(string(k), "_", " ") }

// Error is a call that failed after it was sent, or while it was waiting to be.
// It matches its Kind through errors.Is, and what caused it (context.Canceled,
// a network error). It never holds a URL, a token or another secret.
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
	// TraceID is what Meta's support asks for.
	TraceID string
	// Advice is what to do about it, in our words.
	Advice string
	// Method, Route and IDs say which call: Route is the template, such as
	// /{waba-id}/phone_numbers, and IDs fill it.
	Method, Route string
	IDs           []string
	// Transient is Meta's own is_transient. False proves nothing.
	Transient bool
	// OriginalResponse is what the write of an ErrReadAfterWrite answered.
	OriginalResponse []byte
	// Attempts counts how often it was tried to send the call.
	Attempts int
	// RetryAfter is the wait that Meta named, never shortened; 0 if none.
	RetryAfter time.Duration
	// Stack is the stack of the goroutine that panicked, of an ErrPanicked.
	Stack []byte

	cause error
}

// Unwrap yields the Kind, then the cause if there is one.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.cause}
}

// Error says which call failed, why in Meta's words, and what to do.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "wagraph: %s %s: %s", e.Method, e.Path(), strings.ReplaceAll(string(e.Kind), "_", " "))
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

// Path is the route with its ids filled in, without version and parameters.
func (e *Error) Path() string { return displayPath(e.Route, e.IDs) }

// LogValue logs the parts that a search or an alert wants apart.
func (e *Error) LogValue() slog.Value {
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
	return slog.GroupValue(attrs...)
}

// Is reports whether the error carries a number of Meta's, as its code or as
// its subcode: many arrive as either.
func (e *Error) Is(target error) bool {
	n, ok := target.(Code)
	return ok && n != 0 && (int(n) == e.Code || int(n) == e.Subcode)
}

// Code is a number of Meta's, as an error to compare with:
// errors.Is(err, wagraph.Code(133016)) holds whether 133016 came as the code
// or as the subcode.
type Code int

// Error makes a Code a target for errors.Is.
func (c Code) Error() string { return fmt.Sprintf("wagraph: code %d", int(c)) }

// InputError is an argument that was refused before any request was sent. It
// matches ErrInput.
type InputError struct {
	// Field names the argument, in the words of the API: "waba-id", "pin".
	Field string
	// Reason completes the sentence that Field begins.
	Reason string
}

// Error says which argument is wrong, and why.
func (e *InputError) Error() string { return "wagraph: " + e.Field + " " + e.Reason }

// Unwrap yields ErrInput.
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

// maxQuoted has room for any id, number, date and status that Graph sends.
const maxQuoted = 32

// KindOf returns the first Kind in err's chain: every error of this module has
// one. It returns "" for nil and for errors of other code.
func KindOf(err error) Kind {
	kind, _ := errors.AsType[Kind](err)
	return kind
}
