package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Exception is an intended difference from Meta's specifications.
type Exception struct {
	// Key is the Key of the mismatch it excuses.
	Key string `json:"key"`
	// Of names the readings that differ: "sdk", "simulator" or both.
	Of []string `json:"of"`
	// Reason says why the difference is right.
	Reason string `json:"reason"`
	// Source is the page of Meta, or the observation, that shows it.
	Source string `json:"source"`
	// Call is what Source documents about a call that the specifications lack.
	Call *Call `json:"call,omitempty"`
	// Fields is what Source documents about a node type that they lack.
	Fields Fields `json:"fields,omitempty"`
}

const (
	unknownCall = "call "
	unknownNode = "node "
)

// Exceptions returns the list in testdata/exceptions.json.
func Exceptions() ([]Exception, error) {
	text, err := published.ReadFile("testdata/exceptions.json")
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	var all []Exception
	if err := decoder.Decode(&all); err != nil {
		return nil, fmt.Errorf("contract: exceptions.json: %w", err)
	}
	last := ""
	for _, e := range all {
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("contract: the exception %q %w", e.Key, err)
		}
		if e.Key <= last {
			return nil, fmt.Errorf("contract: the exception %q must not stand after %q: they are sorted, and each is there once", e.Key, last)
		}
		last = e.Key
	}
	return all, nil
}

// check refuses an exception that lacks a part. An exception for a whole call or
// node type must have facts.
func (e Exception) check() error {
	switch {
	case e.Key == "", e.Reason == "", e.Source == "", len(e.Of) == 0:
		return errors.New("lacks a part")
	case strings.HasPrefix(e.Key, unknownCall) != (e.Call != nil):
		return errors.New("must have what its source documents about the call")
	case strings.HasPrefix(e.Key, unknownNode) != (e.Fields != nil):
		return errors.New("must have what its source documents about the node type")
	}
	return nil
}

// Prose returns what the sources of exceptions document about calls and node types
// that the specifications lack.
func Prose(exceptions []Exception) *Source {
	prose := &Source{Calls: map[string]Call{}, Nodes: map[string]Fields{}}
	for _, e := range exceptions {
		if call, ok := strings.CutPrefix(e.Key, unknownCall); ok && e.Call != nil {
			prose.Calls[call] = *e.Call
		}
		if node, ok := strings.CutPrefix(e.Key, unknownNode); ok && e.Fields != nil {
			prose.Nodes[node] = e.Fields
		}
	}
	return prose
}

// Judge compares the mismatches of one reading with its exceptions. The error names
// each mismatch without an exception and each exception without a mismatch. It is
// nil if all differences from Meta's facts are intended.
func Judge(reading string, found []Mismatch, exceptions []Exception) error {
	var wrong []error
	for _, m := range found {
		if !slices.ContainsFunc(exceptions, func(e Exception) bool { return e.Key == m.Key && slices.Contains(e.Of, reading) }) {
			wrong = append(wrong, fmt.Errorf("%s: %v", reading, m))
		}
	}
	for _, e := range exceptions {
		if !slices.Contains(e.Of, reading) {
			continue
		}
		if !slices.ContainsFunc(found, func(m Mismatch) bool { return e.Key == m.Key }) {
			wrong = append(wrong, fmt.Errorf("%s: the exception %q is no longer needed", reading, e.Key))
		}
	}
	return errors.Join(wrong...)
}
