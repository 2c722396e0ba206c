package contract

import (
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

//go:embed testdata/codegen.json testdata/openapi.json testdata/exceptions.json
var published embed.FS

// Source is one description of the API: that of Meta, of the SDK or of the
// simulator.
type Source struct {
	// Calls is keyed by method and route template: "POST /{waba-id}/subscribed_apps".
	Calls map[string]Call `json:"calls"`
	// Nodes holds the readable fields of each node type, by Meta's type name.
	Nodes map[string]Fields `json:"nodes,omitempty"`
}

// Call is what can be sent to one method of one route, and what the answer holds.
type Call struct {
	// Returns is the node type of the answer or of the items in its data list.
	Returns string `json:"returns,omitempty"`
	// Params are the parameters of the query and of the body: Graph takes them from
	// both.
	Params Fields `json:"params,omitempty"`
	// Response is keyed by path: "data[].id", "paging.cursors.after".
	Response Fields `json:"response,omitempty"`
}

// Fields maps the name of a parameter or field to its type.
type Fields map[string]Type

// Type is a type as its source writes it. In its text form, alternatives are
// separated by "|", a closed set of values stands in parentheses, and "!" marks a
// parameter that must be sent: "boolean|string", "string(SMS|VOICE)!".
type Type struct {
	Name     string
	Values   []string
	Required bool
}

// MarshalText writes the text form, which the fact files have.
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// String returns the text form.
func (t Type) String() string {
	text := t.Name
	if len(t.Values) > 0 {
		text += "(" + strings.Join(t.Values, "|") + ")"
	}
	if t.Required {
		text += "!"
	}
	return text
}

// UnmarshalText reads the text form.
func (t *Type) UnmarshalText(text []byte) error {
	name, required := strings.CutSuffix(string(text), "!")
	name, values, enum := strings.Cut(name, "(")
	*t = Type{Name: name, Required: required}
	if name == "" {
		return fmt.Errorf("contract: type %q has no name", text)
	}
	if !enum {
		return nil
	}
	values, closed := strings.CutSuffix(values, ")")
	if !closed {
		return fmt.Errorf("contract: type %q does not close its values", text)
	}
	t.Values = strings.Split(values, "|")
	return nil
}

// Merge combines two descriptions of one parameter or field: the names and values
// of both, and required if one of them is.
func (t Type) Merge(other Type) Type {
	return Type{
		Name:     strings.Join(union(strings.Split(t.Name, "|"), strings.Split(other.Name, "|")), "|"),
		Values:   union(t.Values, other.Values),
		Required: t.Required || other.Required,
	}
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// Encode writes the source in the form of the fact files: sorted, one fact a line.
func (s *Source) Encode(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(s)
}

// Codegen returns the facts of the schema from which Meta's business SDKs are
// generated.
func Codegen() (*Source, error) { return load("testdata/codegen.json") }

// OpenAPI returns the facts of Meta's OpenAPI document for WhatsApp.
func OpenAPI() (*Source, error) { return load("testdata/openapi.json") }

func load(name string) (*Source, error) {
	file, err := published.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	source := new(Source)
	if err := decoder.Decode(source); err != nil {
		return nil, fmt.Errorf("contract: %s: %w", name, err)
	}
	return source, nil
}
