package popup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Meta writes the message, but the page posts it to the server, and the page's script
// may have changed its shape. Values of an unexpected shape are ignored, except ids.

// object returns the members of a JSON object, or nil if the text is not an object.
func object(text json.RawMessage) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		return nil
	}
	return members
}

// textOf returns a string, or the digits of a number, or "" for other values.
func textOf(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(value, &number) == nil {
		return number.String()
	}
	return ""
}

// maxItems is how many items of a list are read. A signup has few assets, and an event
// of a browser must not make the server work for long.
const maxItems = 100

// members returns the first items of a list, and whether the list has more. A single
// value counts as a list of one.
func members(value json.RawMessage) (items []json.RawMessage, more bool) {
	if len(value) == 0 || string(value) == "null" {
		return nil, false
	}
	if value[0] != '[' {
		return []json.RawMessage{value}, false
	}
	decoder := json.NewDecoder(bytes.NewReader(value))
	_, _ = decoder.Token() // value is valid JSON, so the decoder has no errors
	for decoder.More() {
		if len(items) == maxItems {
			return items, true
		}
		var item json.RawMessage
		if decoder.Decode(&item) != nil {
			break
		}
		items = append(items, item)
	}
	return items, false
}

func textsOf(value json.RawMessage) []string {
	var texts []string
	items, _ := members(value)
	for _, item := range items {
		if text := textOf(item); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// maxSafeInteger is the largest integer that JavaScript represents exactly. Ids of 16
// and 17 digits may be larger.
const maxSafeInteger = 1<<53 - 1

// claimedIDs returns the ids of the named members, each id once. It refuses a list with
// too many.
func claimedIDs[ID ~string](data map[string]json.RawMessage, names ...string) ([]ID, error) {
	var ids []ID
	for _, name := range names {
		items, more := members(data[name])
		if more {
			return nil, &graph.InputError{Field: name, Reason: fmt.Sprintf("has more than %d ids", maxItems)}
		}
		for _, item := range items {
			id, err := claimedID[ID](name, item)
			if err != nil {
				return nil, err
			}
			if id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// claimedID returns one id. It refuses a number that JavaScript cannot represent
// exactly: it may have been rounded, and then it is the id of another object.
func claimedID[ID ~string](field string, value json.RawMessage) (ID, error) {
	text := textOf(value)
	if text == "" {
		if string(value) == "null" || string(value) == `""` {
			return "", nil
		}
		return "", &graph.InputError{Field: field, Reason: fmt.Sprintf("must be a string of digits, got %.40q", value)}
	}
	if value[0] != '"' {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil || n > maxSafeInteger {
			return "", &graph.InputError{
				Field:  field,
				Reason: fmt.Sprintf("is the number %.40s, which JavaScript may have rounded: the page must pass ids on as strings", text),
			}
		}
	}
	id := ID(text)
	return id, graph.CheckID(field, id)
}

// problemOf returns the error fields, or nil if there are none. Meta's pages call the
// number error_id until March 2026 and error_code after it.
func problemOf(name EventName, data map[string]json.RawMessage) *Problem {
	problem := Problem{Message: textOf(data["error_message"])}
	for _, key := range [...]string{"error_id", "error_code"} {
		if id, err := strconv.Atoi(textOf(data[key])); err == nil && id > 0 && problem.ID == 0 {
			problem.ID = id
		}
	}
	// A popup that was closed early has current_step, and may have a session_id too.
	// That is not an error.
	if problem == (Problem{}) && name != EventError {
		return nil
	}
	problem.SessionID = textOf(data["session_id"])
	problem.Time = momentOf(data["timestamp"])
	return &problem
}

// momentOf returns the time of Unix seconds or of a date, or zero for other values.
func momentOf(value json.RawMessage) time.Time {
	var moment graph.Time
	const lastYear = 9999 // the last year that RFC 3339, and therefore JSON, can write
	if len(value) == 0 || moment.UnmarshalJSON(value) != nil || moment.Year() > lastYear || moment.Year() < 1 {
		return time.Time{}
	}
	return moment.Time
}
