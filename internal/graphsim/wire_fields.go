package graphsim

import (
	"fmt"
	"strings"
)

// selection is one entry of a fields parameter: a field with its modifiers, and the
// fields that are selected inside it.
type selection struct {
	name, alias string
	mods        map[string]string // limit, after, before, order, filtering, sort, ...
	sub         []selection
	nested      bool // braces were given, even empty ones
}

// key returns the name of the field in the answer.
func (s selection) key() string {
	if s.alias != "" {
		return s.alias
	}
	return s.name
}

// maxNesting protects the stack. Graph names no limit; its cost limit ends deep
// requests.
const maxNesting = 32

// parseFields reads the grammar of field selection and expansion:
//
//	fields = field {"," field}
//	field  = name {"." modifier "(" argument ")"} ["{" fields "}"]
//
// Graph answers text that it cannot read with code 2500 and the position.
func parseFields(text string) ([]selection, *apiError) {
	p := fieldParser{text: text}
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	list, err := p.fields(0)
	if err == nil && p.pos < len(p.text) {
		err = p.fail("end of string")
	}
	return list, err
}

// fieldParser is a recursive descent parser, written by hand: the grammar is small, and
// errors name the position.
type fieldParser struct {
	text string
	pos  int
}

func (p *fieldParser) fields(depth int) ([]selection, *apiError) {
	if depth > maxNesting {
		return nil, errTooMuch()
	}
	var list []selection
	for {
		s, err := p.field(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
		if !p.take(',') {
			return list, nil
		}
	}
}

func (p *fieldParser) field(depth int) (selection, *apiError) {
	s := selection{name: p.name()}
	if s.name == "" {
		return s, p.fail("a field name")
	}
	for p.take('.') {
		mod := p.name()
		if mod == "" || !p.take('(') {
			return s, p.fail("a modifier")
		}
		arg, ok := p.argument()
		if !ok {
			return s, p.fail(`")"`)
		}
		if err := s.modify(mod, arg); err != nil {
			return s, err
		}
	}
	if !p.take('{') {
		return s, nil
	}
	s.nested = true
	p.space()
	if p.take('}') {
		return s, nil
	}
	sub, err := p.fields(depth + 1)
	if err != nil {
		return s, err
	}
	if !p.take('}') {
		return s, p.fail(`"}"`)
	}
	s.sub = sub
	return s, nil
}

// modify applies one .modifier(argument).
func (s *selection) modify(mod, arg string) *apiError {
	switch mod {
	case "as":
		s.alias = arg
		return nil
	case "fields":
		sub, err := parseFields(arg)
		s.sub, s.nested = sub, true
		return err
	}
	if s.mods == nil {
		s.mods = map[string]string{}
	}
	s.mods[mod] = arg
	return nil
}

func (p *fieldParser) space() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

func (p *fieldParser) take(c byte) bool {
	p.space()
	if p.pos < len(p.text) && p.text[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

// name reads the longest run of letters, digits and underscores.
func (p *fieldParser) name() string {
	p.space()
	start := p.pos
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			break
		}
		p.pos++
	}
	return p.text[start:p.pos]
}

// argument reads up to the closing parenthesis. JSON inside it can contain more of
// them, also within strings.
func (p *fieldParser) argument() (string, bool) {
	start, depth, quoted := p.pos, 1, false
	for ; p.pos < len(p.text); p.pos++ {
		switch c := p.text[p.pos]; {
		case quoted && c == '\\':
			p.pos++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				p.pos++
				return p.text[start : p.pos-1], true
			}
		}
	}
	p.pos = min(p.pos, len(p.text))
	return "", false
}

// fail writes the error as Graph does, with the character and its position.
func (p *fieldParser) fail(want string) *apiError {
	rest := p.text[p.pos:]
	got := "end of string"
	if rest != "" {
		got = fmt.Sprintf("%q", rest[:1])
	}
	return &apiError{code: 2500, message: fmt.Sprintf("Syntax error \"Expected %s instead of %s.\" at character %d: %s",
		want, got, p.pos, p.text)}
}
