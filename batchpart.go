package wagraph

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// readAnswer reads one op's element of the answer. Null is an op that Meta did
// not get to, or whose answer it did not wait for.
func readAnswer(raw json.RawMessage, attempt int) *transport.Answer {
	var part struct {
		Code    int             `json:"code"`
		Headers json.RawMessage `json:"headers"`
		Body    json.RawMessage `json:"body"`
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
	a.Status, a.Header = part.Code, readHeaders(part.Headers)
	var text string
	if json.Unmarshal(part.Body, &text) == nil {
		a.Body = []byte(text)
	} else {
		a.Body = part.Body
	}
	return a
}

var (
	errBatchTimeout = errors.New("the batch ran out of time before this call was answered")
	errBatchPart    = errors.New("this call's part of the batch's answer cannot be read")
)

// readHeaders reads headers as Meta sends them, a list of names and values, and
// as one object.
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
