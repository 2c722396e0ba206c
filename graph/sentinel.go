package graph

// NewSentinel returns an error that is compared by identity (errors.Is), has the
// given text and the given Kind. The packages of this module declare
// their named errors with it, so that KindOf knows every one of them.
func NewSentinel(kind Kind, text string) error { return &sentinel{kind: kind, text: text} }

type sentinel struct {
	kind Kind
	text string
}

// Error returns the text.
func (s *sentinel) Error() string { return s.text }

// Unwrap returns the Kind.
func (s *sentinel) Unwrap() error { return s.kind }
