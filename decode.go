package wagraph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// readError reads Meta's error object, whatever of it is there, or returns nil
// if there is none. Every key is read on its own: a wrong type in one loses
// that one.
func (x *exchange) readError(a *transport.Answer) *Error {
	var envelope struct {
		Error    json.RawMessage `json:"error"`
		Original json.RawMessage `json:"original_response"`
	}
	if !parses(a.Body, &envelope) || len(envelope.Error) == 0 || string(envelope.Error) == "null" {
		return nil
	}
	e := x.fail(ErrUnclassified, a.Status)
	var text string
	if parses(envelope.Error, &text) {
		e.Message = clip(x.scrub(text))
		if byStatus := x.unexpected(a); byStatus.Kind != ErrBadResponse {
			e.Kind = byStatus.Kind
		}
		return e
	}
	var body map[string]json.RawMessage
	if !parses(envelope.Error, &body) {
		return nil
	}
	coded := x.fill(e, body)
	original := body["original_response"]
	if len(original) == 0 {
		original = envelope.Original
	}
	if len(original) > 0 && string(original) != "null" {
		e.OriginalResponse = []byte(x.scrub(string(original)))
	}
	x.classify(e, coded)
	return e
}

// parses is json.Unmarshal where a failure is an answer.
func parses(raw []byte, out any) bool { return json.Unmarshal(raw, out) == nil }

// fill reports whether there is a code: 0 is one of Meta's too.
func (x *exchange) fill(e *Error, body map[string]json.RawMessage) (coded bool) {
	var code, sub Int
	var transient Bool
	text := textOf(body["code"])
	coded = text != "" && text != "null" && parses(body["code"], &code)
	read(body, "error_subcode", &sub)
	read(body, "is_transient", &transient)
	read(body, "type", &e.Type)
	read(body, "message", &e.Message)
	read(body, "error_user_title", &e.UserTitle)
	read(body, "error_user_msg", &e.UserMessage)
	read(body, "fbtrace_id", &e.TraceID)
	e.Code, e.Subcode, e.Transient = int(code), int(sub), bool(transient)
	readErrorData(e, body["error_data"])
	for _, text := range []*string{&e.Type, &e.Message, &e.UserTitle, &e.UserMessage, &e.Details, &e.TraceID} {
		*text = clip(x.scrub(*text))
	}
	for i := range e.BlameFields {
		e.BlameFields[i] = clip(x.scrub(e.BlameFields[i]))
	}
	e.BlameFields = e.BlameFields[:min(len(e.BlameFields), maxBlamed)]
	return coded
}

const (
	// maxText bounds each text of an error: Meta's are a sentence or two, and
	// whatever stands in their place must not flood a log.
	maxText   = 4 << 10
	maxBlamed = 100
)

func clip(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + fmt.Sprintf("... (%d bytes)", len(text))
}

func read(body map[string]json.RawMessage, key string, out any) {
	if raw, ok := body[key]; ok {
		_ = json.Unmarshal(raw, out)
	}
}

// readErrorData reads error_data: an object, a text, or an object in a text.
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
	read(data, "details", &e.Details)
	var paths [][]string
	read(data, "blame_field_specs", &paths)
	for _, path := range paths {
		if len(path) > 0 {
			e.BlameFields = append(e.BlameFields, strings.Join(path, "."))
		}
	}
	var field string
	if read(data, "blame_field", &field); field != "" && len(paths) == 0 {
		e.BlameFields = append(e.BlameFields, field)
	}
}

// classify sets Kind and Advice.
func (x *exchange) classify(e *Error, coded bool) {
	row, known := codeRow{}, false
	if coded {
		row, known = classify(e.Code, e.Subcode)
	}
	switch {
	case e.OriginalResponse != nil && !x.request.isRead():
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
	// Meta's own word that the same call may pass later outweighs a table that
	// would call it wrong for good; it does not turn a lock or a throttle into
	// something to hammer at.
	if e.Transient && (e.Kind == ErrInvalid || e.Kind == ErrUnclassified) {
		e.Kind = ErrTransient
	}
	if e.Kind == ErrOutcomeUnknown && x.request.isRead() {
		e.Kind = ErrTransient
	}
}
