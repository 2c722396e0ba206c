package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
)

// pageBody is a page on the wire.
type pageBody[T any] struct {
	Data   []T `json:"data"`
	Paging struct {
		Cursors struct {
			After string `json:"after"`
		} `json:"cursors"`
		Next string `json:"next"`
	} `json:"paging"`

	bare bool // one object, or {}, is a whole list too
}

// decodeBody accepts the object with data, and a bare array with items. Where Meta answers an
// edge with one bare object, it accepts that too, and {} for none. Every other answer
// without data says nothing about the items, and is asked for again.
func (b *pageBody[T]) decodeBody(body []byte) error {
	*b = pageBody[T]{bare: b.bare} // an earlier attempt may have filled it
	if len(body) > 0 && body[0] == '[' {
		if err := json.Unmarshal(body, &b.Data); err != nil || len(b.Data) > 0 || b.bare {
			return err
		}
		return &askAgain{"the answer has no data: it is an empty array, so it is not a list"}
	}
	if err := json.Unmarshal(body, b); err != nil {
		return err
	}
	if b.Data != nil {
		return nil
	}
	var object struct {
		ID answeredID `json:"id"`
	}
	switch {
	case b.bare && isEmptyObject(body):
		return nil
	case b.bare && json.Unmarshal(body, &object) == nil && object.ID != "" && object.ID != notAnID:
		b.Data = make([]T, 1)
		return json.Unmarshal(body, &b.Data[0])
	}
	return &askAgain{"the answer has no data, so it is not a list"}
}

// isEmptyObject reports whether a JSON text is {}.
func isEmptyObject(body []byte) bool {
	return len(body) > 1 && body[0] == '{' && bytes.Equal(bytes.Trim(body[1:], " \t\r\n"), []byte("}"))
}

// follow returns the cursor of the next page, and "" on the last page, which has
// cursors but no next. The address in next can hold a token, so it is neither
// kept nor called; only if there are no cursors beside it, the cursor is taken
// from it.
func (b *pageBody[T]) follow() (string, error) {
	if b.Paging.Next == "" {
		return "", nil
	}
	if b.Paging.Cursors.After != "" {
		return b.Paging.Cursors.After, nil
	}
	next, err := url.Parse(b.Paging.Next)
	if err == nil {
		if after := next.Query().Get("after"); after != "" {
			return after, nil
		}
	}
	return "", errors.New("the page says that there are more, but not where")
}
