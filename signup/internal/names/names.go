package names

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// maxLength bounds the texts that a database has to index, in bytes.
const maxLength = 255

// Name is a text by which a value is found.
type Name struct {
	field, text string
	needed      bool
}

// Needed is a text that must not be empty. The field names it in errors.
func Needed(field, text string) Name { return Name{field, text, true} }

// Optional is a text that may be empty.
func Optional(field, text string) Name { return Name{field, text, false} }

// Check refuses, with an InputError, a text that some databases cannot store as a
// key: one that is not valid UTF-8, contains a NUL, or has more than 255 bytes.
func Check(names ...Name) error {
	for _, n := range names {
		reason := ""
		switch {
		case n.text == "" && n.needed:
			reason = "is empty"
		case len(n.text) > maxLength:
			reason = fmt.Sprintf("has %d bytes, more than %d", len(n.text), maxLength)
		case !utf8.ValidString(n.text), strings.ContainsRune(n.text, 0):
			// A database would refuse it, or, worse, store something similar.
			reason = "is not valid UTF-8, or contains a NUL"
		}
		if reason != "" {
			return &graph.InputError{Field: n.field, Reason: reason}
		}
	}
	return nil
}
