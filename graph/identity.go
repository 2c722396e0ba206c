package graph

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/fields"
)

// An answer that is about another object than the call would be stored, billed or
// revoked under the wrong id. So each read of an object compares the id in the
// answer with the id that was asked for, before anything of it is decoded.

// askAgain is the reason why an answer cannot be used although it is well formed.
// The next answer may be right, so a call that may be repeated is repeated.
type askAgain struct{ reason string }

func (e *askAgain) Error() string { return e.reason }

// objectID returns the id of the object that the request reads, and "" if it reads
// no single object. A placeholder that does not end in -id takes a name, and the
// object has an id besides.
func (r *Request) objectID() string {
	before, name, after, ok := nextPlaceholder(r.Route)
	if !ok || !r.isRead() || before != "/" || after != "" || !strings.HasSuffix(name, "-id") || len(r.IDs) != 1 {
		return ""
	}
	return r.IDs[0]
}

// checkObject returns an error if the body of a success is about another object than
// the one that the request reads. Meta sends the id nearly always, also if only
// other fields were asked for; a missing one is an error if it was asked for.
func (r *Request) checkObject(body []byte) error {
	asked := r.objectID()
	if asked == "" || beginsWithID(body, asked) {
		return nil
	}
	var object struct {
		ID answeredID `json:"id"`
	}
	if body[0] != '{' || !parses(body, &object) {
		return nil // decoding says what is wrong with it
	}
	if object.ID == notAnID || object.ID == "" && !r.asksForID() {
		return nil
	}
	return object.ID.compare(asked)
}

// beginsWithID reports whether the first key of an object is the id that was asked
// for. Meta sends fields in the order in which they were asked for, and the id is
// mostly the first: then nothing else has to be read.
func beginsWithID(body []byte, asked string) bool {
	rest, ok := bytes.CutPrefix(body, []byte(`{"id":"`))
	return ok && len(rest) > len(asked) && rest[len(asked)] == '"' && string(rest[:len(asked)]) == asked
}

// asksForID reports whether the request names the field id.
func (r *Request) asksForID() bool {
	params, err := encodeParams("query", r.Query)
	return err == nil && slices.ContainsFunc(fields.Split(params.Get("fields")), func(field string) bool {
		return strings.TrimSpace(field) == "id"
	})
}

// answeredID is the id of an object in an answer: the digits of a text or of a number.
type answeredID string

// notAnID stands for an id of another type. It does not say which object the answer is
// about; decoding it fails, and would fail again.
const notAnID answeredID = "{}"

// UnmarshalJSON accepts all values.
func (id *answeredID) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case 'n':
		*id = ""
	case '{', '[', 't', 'f':
		*id = notAnID
	default:
		*id = answeredID(textOf(b))
	}
	return nil
}

func (id answeredID) compare(asked string) error {
	switch string(id) {
	case asked:
		return nil
	case "":
		return &askAgain{fmt.Sprintf("the answer has no id, and %q was asked for", asked)}
	}
	return &askAgain{fmt.Sprintf("the answer is about %s, not about %q", quoted(string(id)), asked)}
}

// checkObjects does the same with an answer that has several objects by their ids.
func checkObjects(body []byte) error {
	var objects map[string]struct {
		ID answeredID `json:"id"`
	}
	if !parses(body, &objects) {
		return nil // decoding says what is wrong with it
	}
	for asked, object := range objects {
		if object.ID == "" || object.ID == notAnID { // an edge has none
			continue
		}
		if err := object.ID.compare(asked); err != nil {
			return err
		}
	}
	return nil
}

// mayPass reports whether the next answer to the same call may be right.
func mayPass(err error) bool {
	_, ok := errors.AsType[*askAgain](err)
	return ok
}

// ownerIn returns the id of the object whose edge the address of a next page reads,
// and "" if the address does not say it.
func ownerIn(next string) string {
	address, err := url.Parse(next)
	if err != nil {
		return ""
	}
	parts := strings.Split(strings.Trim(address.Path, "/"), "/")
	if len(parts) < 2 || !isDigits(parts[len(parts)-2]) {
		return ""
	}
	return parts[len(parts)-2]
}
