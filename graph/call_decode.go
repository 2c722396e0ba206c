package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/guard"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// answers reads the answers to one call: to each of its attempts, one after
// another.
type answers struct {
	subject
	redactor
	out any    // what a success is decoded into; nil discards it
	err *Error // of the attempt that ended last; nil if it succeeded
}

// checkTarget refuses an out that cannot be decoded into, before anything is
// sent.
func checkTarget(out any) error {
	if out == nil {
		return nil
	}
	if v := reflect.ValueOf(out); v.Kind() != reflect.Pointer || v.IsNil() {
		return &InputError{Field: "out", Reason: fmt.Sprintf("must be a pointer that is not nil, or nil to ignore the answer, got %T", out)}
	}
	return nil
}

// read decodes an answer into out and returns nil, or returns the error that the
// answer means.
func (r *answers) read(a *transport.Answer) *Error {
	e := r.readAnswer(a)
	if e == nil {
		return nil
	}
	e.Attempts = a.Attempt
	if e.TraceID == "" {
		e.TraceID = clip(r.header(a, "X-Fb-Trace-Id"))
	}
	return e
}

func (r *answers) readAnswer(a *transport.Answer) *Error {
	switch {
	case a.Err != nil:
		return r.notWhole(a)
	case isRedirect(a.Status):
		return r.redirected(a)
	case a.Status >= 300 || a.Status < 200:
		if e := r.readError(a); e != nil {
			return e
		}
		return r.unexpected(a)
	case bytes.Contains(a.Body, errorKey):
		if e := r.readError(a); e != nil {
			return e
		}
	}
	return r.decode(a)
}

var errorKey = []byte(`"error"`)

// decode decodes a success into out: once, without a look at the body before it.
// If there is nothing to decode into, an answer that is not JSON is still not a
// success.
func (r *answers) decode(a *transport.Answer) *Error {
	out := r.out
	if out == nil {
		out = new(json.RawMessage)
	}
	body := bytes.Trim(a.Body, " \t\r\n") // JSON's blanks; with others it is not JSON
	if len(body) == 0 || bytes.Equal(body, []byte("null")) {
		e := r.fail(ErrBadResponse, a.Status)
		e.Message = "the answer is empty"
		return e
	}
	if reportsFailure(body) {
		e := r.fail(ErrUnclassified, a.Status)
		e.Message = `Meta answered "success": false and no reason`
		return e
	}
	err := r.request.checkObject(body)
	if err == nil {
		err = decodeInto(body, out)
	}
	if err == nil {
		err = r.noteTraceID(a, out)
	}
	if err == nil {
		return nil
	}
	e := r.fail(ErrBadResponse, a.Status)
	if !mayPass(err) {
		e.Message = "the answer is not what this call answers"
	}
	if panicked, ok := errors.AsType[*guard.Panic](err); ok {
		e.Kind, e.Stack = ErrPanicked, panicked.Stack
		e.Message = fmt.Sprintf("while decoding into %T", out)
		e.Advice = "The call itself had succeeded"
	}
	e.cause = r.redactError(err)
	return e
}

// reportsFailure reports whether a 200 answer says that the call failed: writes
// answer {"success": false}, whatever they answer when they succeed.
func reportsFailure(body []byte) bool {
	if string(body) == "false" || string(body) == `"false"` {
		return true
	}
	if !bytes.Contains(body, successKey) {
		return false
	}
	var answer struct {
		Success errorPart `json:"success"`
	}
	if json.Unmarshal(body, &answer) != nil || len(answer.Success) == 0 {
		return false
	}
	success := Bool(true)
	return success.UnmarshalJSON(answer.Success) == nil && !bool(success)
}

// noteTraceID gives the trace id of a success to an out that wants it.
func (r *answers) noteTraceID(a *transport.Answer, out any) error {
	traced, ok := out.(interface{ SetTraceID(id string) })
	if !ok {
		return nil
	}
	return guard.Run("SetTraceID", ErrPanicked, func() error {
		traced.SetTraceID(clip(r.header(a, "X-Fb-Trace-Id")))
		return nil
	})
}

var successKey = []byte(`"success"`)

// decodeInto lets a type of this package read the whole body: Meta answers one
// edge with a list in one place and with a bare object in another. It recovers a
// panic of the application's UnmarshalJSON.
func decodeInto(body []byte, out any) (err error) {
	defer guard.Recover("UnmarshalJSON", ErrPanicked, &err)
	if d, ok := out.(interface{ decodeBody([]byte) error }); ok {
		return d.decodeBody(body)
	}
	return json.Unmarshal(body, out)
}

// unexpected returns the error of an answer whose body is not a Graph error.
func (r *answers) unexpected(a *transport.Answer) *Error {
	e := r.fail(kindOfStatus(a.Status), a.Status)
	if e.Kind == ErrBadResponse && a.Status >= http.StatusBadRequest && isCutJSON(a.Body) {
		e.cause = &askAgain{"the answer was cut off"}
		return e
	}
	e.Message = fmt.Sprintf("the answer is not a Graph error but %s", r.describe(a))
	return e
}

func (r *answers) describe(a *transport.Answer) string {
	if len(bytes.TrimSpace(a.Body)) == 0 {
		return "empty"
	}
	kind := r.header(a, "Content-Type")
	if kind == "" {
		kind = http.DetectContentType(a.Body)
	}
	return fmt.Sprintf("%.60q of %d bytes", kind, len(a.Body))
}

// readError reads Meta's error object. It returns nil if there is none. Every key
// is read by itself, so that a wrong type in one loses only that one.
func (r *answers) readError(a *transport.Answer) *Error {
	var envelope struct {
		Error    errorPart `json:"error"`
		Original errorPart `json:"original_response"`
	}
	if !parses(a.Body, &envelope) || len(envelope.Error) == 0 || string(envelope.Error) == "null" {
		return nil
	}
	e := r.fail(ErrUnclassified, a.Status)
	var text string
	if envelope.Error.isTooLarge() {
		e.Kind, e.Message = kindOfStatus(a.Status), "the answer holds an error that is too large to be read"
		return e
	}
	if parses(envelope.Error, &text) {
		e.Message = clip(r.redact(text))
		if byStatus := r.unexpected(a); byStatus.Kind != ErrBadResponse {
			e.Kind = byStatus.Kind
		}
		return e
	}
	var body map[string]json.RawMessage
	if !parses(envelope.Error, &body) {
		return nil
	}
	coded := r.fill(e, body)
	original := errorPart(body["original_response"])
	if len(original) == 0 {
		original = envelope.Original
	}
	if len(original) > 0 && string(original) != "null" && !original.isTooLarge() {
		e.OriginalResponse = []byte(r.redact(string(original)))
	}
	r.classify(e, coded)
	return e
}

// parses reports whether raw could be decoded into out.
func parses(raw []byte, out any) bool { return json.Unmarshal(raw, out) == nil }

// fill copies Meta's error object into e. It reports whether there is a code: 0 is
// a code of Meta's too.
func (r *answers) fill(e *Error, body map[string]json.RawMessage) (coded bool) {
	var code, sub Int
	var transient Bool
	text := textOf(body["code"])
	coded = text != "" && text != "null" && parses(body["code"], &code)
	readKey(body, "error_subcode", &sub)
	readKey(body, "is_transient", &transient)
	readKey(body, "type", &e.Type)
	readKey(body, "message", &e.Message)
	readKey(body, "error_user_title", &e.UserTitle)
	readKey(body, "error_user_msg", &e.UserMessage)
	readKey(body, "fbtrace_id", &e.TraceID)
	e.Code, e.Subcode, e.Transient = int(code), int(sub), bool(transient)
	readErrorData(e, body["error_data"])
	for _, text := range []*string{&e.Type, &e.Message, &e.UserTitle, &e.UserMessage, &e.Details, &e.TraceID} {
		*text = clip(r.redact(*text))
	}
	for i := range e.BlameFields {
		e.BlameFields[i] = clip(r.redact(e.BlameFields[i]))
	}
	e.BlameFields = e.BlameFields[:min(len(e.BlameFields), maxBlamed)]
	return coded
}

const (
	// maxText bounds each text of an error. Meta's are a sentence or two; a longer
	// text must not flood a log.
	maxText   = 4 << 10
	maxBlamed = 100
)

// clip cuts a text that is too long for an error.
func clip(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + fmt.Sprintf("... (%d bytes)", len(text))
}

// readKey decodes one key of an object, if it is there and of the right type.
func readKey(body map[string]json.RawMessage, key string, out any) {
	if raw, ok := body[key]; ok {
		_ = json.Unmarshal(raw, out)
	}
}

// readErrorData reads error_data, which is an object, a text, or an object in a
// text.
func readErrorData(e *Error, raw json.RawMessage) {
	var text string
	if parses(raw, &text) && text != "" {
		raw = json.RawMessage(text)
	}
	var data map[string]json.RawMessage
	if !parses(raw, &data) {
		e.Details = text
		return
	}
	readKey(data, "details", &e.Details)
	var paths [][]string
	readKey(data, "blame_field_specs", &paths)
	for _, path := range paths {
		if len(path) > 0 {
			e.BlameFields = append(e.BlameFields, strings.Join(path, "."))
		}
	}
	var field string
	if readKey(data, "blame_field", &field); field != "" && len(paths) == 0 {
		e.BlameFields = append(e.BlameFields, field)
	}
}

// classify sets the Kind and the Advice of an error by Meta's numbers.
func (r *answers) classify(e *Error, coded bool) {
	row, known := codeRow{}, false
	if coded {
		row, known = classify(e.Code, e.Subcode)
	}
	switch {
	case e.OriginalResponse != nil && !r.request.isRead():
		e.Kind, e.Advice = ErrReadAfterWrite, "The write was done and only reading it back failed: do not repeat it"
		return
	case e.Code == 1 && strings.Contains(strings.ToLower(e.Message+e.UserMessage), "reduce the amount of data"):
		e.Kind, e.Advice = ErrTooMuchData, "Ask for fewer fields or smaller pages"
		return
	case known:
		e.Kind, e.Advice = row.kind, row.advice
	case e.Transient:
		e.Kind = ErrTransient
	case e.Status >= http.StatusInternalServerError:
		e.Kind = ErrTransient
	}
	// If Meta says that the same call may succeed later (is_transient), that
	// counts more than a table that says that the call is wrong. It does not count
	// more than a lock or a throttle: those are not to be repeated at once.
	if e.Transient && (e.Kind == ErrInvalid || e.Kind == ErrUnclassified) {
		e.Kind = ErrTransient
	}
	if e.Kind == ErrOutcomeUnknown && r.request.isRead() {
		e.Kind = ErrTransient
	}
}
