package popup

import (
	"encoding/json"
	"fmt"
	"github.com/seed-8fdceacd/wagraph/graph"
	"slices"
	"strconv"
	"time"
)

// The message is written by Meta, but posted on by a page whose script may
// have reshaped it: what is not understood is passed over, except for ids.

// object is the text as an object's members; none if it is no object.
func object(text json.RawMessage) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		return nil
	}
	return members
}

// textOf reads a string, or a number as it is written; "" for all else.
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

// members are the items of a list; a single value is a list of one.
func members(value json.RawMessage) []json.RawMessage {
	if len(value) == 0 || string(value) == "null" {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil {
		return list
	}
	return []json.RawMessage{value}
}

func textsOf(value json.RawMessage) []string {
	var texts []string
	for _, item := range members(value) {
		if text := textOf(item); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// maxSafeInteger is the largest whole number that JavaScript tells from its
// neighbours. Ids of 16 and 17 digits may be larger.
const maxSafeInteger = 1<<53 - 1

// claimedIDs reads the ids of the named members, each id once.
func claimedIDs[ID ~string](data map[string]json.RawMessage, names ...string) ([]ID, error) {
	var ids []ID
	for _, name := range names {
		for _, item := range members(data[name]) {
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

// claimedID reads one id. A number that JavaScript cannot hold was rounded on
// its way, and is the id of something else.
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

// problemOf reads the error fields. The number is error_id in Meta's pages up
// to March 2026 and error_code in later ones.
func problemOf(name EventName, data map[string]json.RawMessage) *Problem {
	problem := Problem{Message: textOf(data["error_message"])}
	for _, key := range [...]string{"error_id", "error_code"} {
		if id, err := strconv.Atoi(textOf(data[key])); err == nil && id > 0 && problem.ID == 0 {
			problem.ID = id
		}
	}
	// current_step means a popup closed on the way: a session_id next to it
	// makes no error of that.
	if problem == (Problem{}) && name != EventError {
		return nil
	}
	problem.SessionID = textOf(data["session_id"])
	problem.Time = momentOf(data["timestamp"])
	return &problem
}

// momentOf reads Unix seconds or a date, and is zero for what is neither.
func momentOf(value json.RawMessage) time.Time {
	var moment graph.Time
	const lastYear = 9999 // what RFC 3339, and so JSON, can write
	if len(value) == 0 || moment.UnmarshalJSON(value) != nil || moment.Year() > lastYear || moment.Year() < 1 {
		return time.Time{}
	}
	return moment.Time
}
