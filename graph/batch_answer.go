package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// readPart reads the part of a batch's answer that belongs to one op. Null means
// that Meta did not reach the op, or did not wait for its answer.
func readPart(raw json.RawMessage, attempt int) *transport.Answer {
	var part struct {
		Code    Int             `json:"code"`
		Headers json.RawMessage `json:"headers"`
		Body    partBody        `json:"body"`
	}
	a := &transport.Answer{Attempt: attempt}
	raw = bytes.TrimSpace(raw)
	if bytes.Equal(raw, []byte("null")) {
		a.Err = errBatchTimeout
		return a
	}
	if err := json.Unmarshal(raw, &part); err != nil || part.Code == 0 {
		a.Err = errBatchPart
		return a
	}
	a.Status, a.Header, a.Body = int(part.Code), readHeaders(part.Headers), part.Body
	return a
}

// partBody is the body of a part: JSON, mostly in a text.
type partBody []byte

// UnmarshalJSON takes the JSON out of the text.
func (p *partBody) UnmarshalJSON(b []byte) error {
	var text string
	if b[0] == '"' && json.Unmarshal(b, &text) == nil {
		*p = partBody(text)
		return nil
	}
	*p = bytes.Clone(b)
	return nil
}

var (
	errBatchTimeout = errors.New("the batch ran out of time before this call was answered")
	errBatchPart    = errors.New("this call's part of the batch's answer cannot be read")
)

// readHeaders reads headers in both forms: the list of names and values that Meta
// sends, and one object.
func readHeaders(raw json.RawMessage) http.Header {
	header := http.Header{}
	var list []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	if json.Unmarshal(raw, &list) == nil {
		for _, h := range list {
			header.Add(h.Name, h.Value)
		}
		return header
	}
	var object map[string]string
	_ = json.Unmarshal(raw, &object)
	for name, value := range object {
		header.Set(name, strings.TrimSpace(value))
	}
	return header
}

// lostBatch is the reason why an op has no answer: its batch has none. The meaning
// is decided for each op, so the Kind of the batch is not in the chain.
type lostBatch struct{ batch *Error }

func lost(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	return &lostBatch{e}
}

// Error says how the batch failed.
func (e *lostBatch) Error() string {
	text := "the batch that it was in was not answered"
	if e.batch.Status != 0 {
		text = fmt.Sprintf("the batch that it was in was answered with HTTP %d", e.batch.Status)
	}
	if e.batch.Message != "" {
		text += ": " + e.batch.Message
	}
	if e.batch.cause != nil {
		text += ": " + e.batch.cause.Error()
	}
	return text
}

// Unwrap returns what cut the batch off.
func (e *lostBatch) Unwrap() error { return e.batch.cause }
