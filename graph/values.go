package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Time is a moment as Graph writes it: Unix seconds as a number or a string,
// RFC 3339, or Graph's own form with an offset that has no colon
// (2017-06-06T18:04:10+0000). All decode; 0, "" and null are the zero Time.
type Time struct{ time.Time }

// graphTime is the layout that most Graph fields use.
const graphTime = "2006-01-02T15:04:05-0700"

// UnmarshalJSON accepts the forms listed at [Time].
func (t *Time) UnmarshalJSON(b []byte) error {
	text := textOf(b)
	if text == "" || text == "null" {
		t.Time = time.Time{}
		return nil
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		t.Time = time.Time{}
		if seconds != 0 {
			t.Time = time.Unix(seconds, 0).UTC()
		}
		return nil
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(seconds) < 1e12 { // 1.7e9, as some encoders write it
		t.Time = time.Unix(int64(seconds), 0).UTC()
		return nil
	}
	for _, layout := range [...]string{graphTime, time.RFC3339} {
		if parsed, err := time.Parse(layout, text); err == nil {
			t.Time = parsed.UTC()
			return nil
		}
	}
	return fmt.Errorf("wagraph: cannot read %s as a time", quoted(text))
}

// MarshalJSON writes Graph's own form, null for the zero Time, and Unix seconds
// for a year that does not have four digits.
func (t Time) MarshalJSON() ([]byte, error) {
	utc := t.UTC()
	switch {
	case t.IsZero():
		return []byte("null"), nil
	case utc.Year() < 0 || utc.Year() > 9999:
		return strconv.AppendInt(nil, t.Unix(), 10), nil
	}
	return []byte(strconv.Quote(utc.Format(graphTime))), nil
}

// textOf returns the text of a JSON string, and any other value unchanged.
func textOf(b []byte) string {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || b[0] != '"' {
		return string(b)
	}
	if inner, ok := bytes.CutSuffix(b[1:], []byte(`"`)); ok && isPlain(inner) {
		return string(inner)
	}
	var text string
	if json.Unmarshal(b, &text) == nil {
		return text
	}
	return string(b)
}

// isPlain reports whether the inside of a JSON string needs no unescaping.
func isPlain(inner []byte) bool {
	for _, c := range inner {
		if c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// Bool is a boolean that Graph writes as true, "true", 1 or "1".
type Bool bool

// UnmarshalJSON accepts the forms listed at [Bool]; null leaves it unchanged.
func (v *Bool) UnmarshalJSON(b []byte) error {
	switch text := strings.ToLower(textOf(b)); text {
	case "true", "1":
		*v = true
	case "false", "0", "":
		*v = false
	case "null":
	default:
		return fmt.Errorf("wagraph: cannot read %s as true or false", quoted(text))
	}
	return nil
}

// Int is a whole number that Graph writes as a number or as a string.
type Int int64

// UnmarshalJSON accepts a number, a string of digits, "" and null.
func (v *Int) UnmarshalJSON(b []byte) error {
	text := textOf(b)
	if text == "" || text == "null" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("wagraph: cannot read %s as a whole number", quoted(text))
	}
	*v = Int(n)
	return nil
}

// JSONParam is a list or an object that is sent as one query or form parameter.
// Graph expects it as JSON text, as in tasks=["MANAGE"].
type JSONParam struct{ Value any }

// IsZero reports whether there is no value. go-querystring needs it for
// omitempty.
func (p JSONParam) IsZero() bool { return p.Value == nil }

// EncodeValues writes the parameter.
func (p JSONParam) EncodeValues(key string, v *url.Values) error {
	if p.Value == nil {
		return nil
	}
	text, err := json.Marshal(p.Value)
	if err != nil {
		return err
	}
	if string(text) != "null" { // a nil slice, which Graph does not take for a list
		v.Set(key, string(text))
	}
	return nil
}

// Success is the answer to a write that returns nothing else. It decodes from
// {"success":true}, {"success":"true"}, {"success":1}, a bare true,
// {"id":"..."} and {}. An answer that says false makes the call fail.
type Success struct {
	// ID names the object that was made or changed, if Meta says it.
	ID string
}

// UnmarshalJSON accepts the forms listed at [Success].
func (s *Success) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if len(b) > 0 && b[0] == '{' {
		var body struct {
			Success Bool    `json:"success"`
			ID      looseID `json:"id"`
		}
		err := json.Unmarshal(b, &body)
		s.ID = string(body.ID)
		return err
	}
	return new(Bool).UnmarshalJSON(b)
}

type looseID string

func (id *looseID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }
