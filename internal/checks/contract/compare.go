package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Mismatch is one difference between a reading of the API and Meta's facts. Key
// identifies it in the list of exceptions. Detail explains it to a person.
type Mismatch struct {
	Key    string
	Detail string
}

func (m Mismatch) String() string { return m.Key + ": " + m.Detail }

// everywhere are the parameters that Graph takes with every call or every list.
// The Graph API overview describes them, and the specifications do not repeat
// them.
var everywhere = Fields{
	"access_token":    {Name: "string"},
	"appsecret_proof": {Name: "string"},
	"appsecret_time":  {Name: "string"},
	"fields":          {Name: "string"},
	"limit":           {Name: "integer"},
	"after":           {Name: "string"},
	"before":          {Name: "string"},
	"summary":         {Name: "string"},
}

// Compare returns the differences between a reading and Meta's facts: calls that do
// not exist, parameters and fields that are unknown or of another type, values
// outside a closed set, and parameters that Meta requires and the reading lacks.
// It is enough that one of the sources of facts has a call, a parameter or a field.
// A call or node type that only Meta's prose has is a mismatch, and is then
// compared with the prose. The result is sorted by key.
func Compare(reading, prose *Source, facts ...*Source) []Mismatch {
	c := &comparison{known: merge(facts), prose: prose}
	for key, call := range reading.Calls {
		c.call(canonical(key), call)
	}
	for node, fields := range reading.Nodes {
		for name, got := range fields {
			c.field(node, name, got)
		}
	}
	slices.SortFunc(c.found, func(a, b Mismatch) int { return strings.Compare(a.Key, b.Key) })
	return slices.CompactFunc(c.found, func(a, b Mismatch) bool { return a.Key == b.Key })
}

// merge combines sources of facts under canonical calls. The fields of a node are
// those of the schema, of the call that reads the node, of the lists that contain
// it, and its edges, which can be expanded like fields.
func merge(facts []*Source) *Source {
	out := &Source{Calls: map[string]Call{}, Nodes: map[string]Fields{}}
	for _, source := range facts {
		for key, call := range source.Calls {
			key = canonical(key)
			known := out.Calls[key]
			out.Calls[key] = Call{
				Returns:  max(known.Returns, call.Returns),
				Params:   unite(known.Params, call.Params),
				Response: unite(known.Response, call.Response),
			}
		}
		for node, fields := range source.Nodes {
			out.Nodes[node] = unite(out.Nodes[node], fields)
		}
	}
	out.inherit("{system-user-id}", "{user-id}")
	for key, call := range out.Calls {
		node, single := nodeRead(key)
		if !single {
			node = call.Returns
		}
		if node == "" || !strings.HasPrefix(key, "GET ") {
			continue
		}
		fields := make(Fields)
		for at, fact := range call.Response {
			if name, item := strings.CutPrefix(at, "data[]."); item != single {
				fields[name] = fact
			}
		}
		out.Nodes[node] = unite(out.Nodes[node], fields)
	}
	for key, call := range out.Calls {
		if parent, edge, ok := edgeRead(key); ok && call.Returns != "" {
			fields := Fields{edge: {Name: "list<" + call.Returns + ">"}}
			out.Nodes[parent] = unite(out.Nodes[parent], fields)
		}
	}
	return out
}

// inherit copies the calls and fields of one kind of node to another: a system user
// is a user.
func (s *Source) inherit(child, parent string) {
	for key, call := range maps.Clone(s.Calls) {
		key = strings.Replace(key, parent, child, 1)
		if _, ok := s.Calls[key]; !ok {
			s.Calls[key] = call
		}
	}
	s.Nodes[places[child].node] = unite(s.Nodes[places[child].node], s.Nodes[places[parent].node])
}

func unite(a, b Fields) Fields {
	out := make(Fields, len(a)+len(b))
	maps.Copy(out, a)
	for name, fact := range b {
		if known, ok := out[name]; ok {
			fact = known.Merge(fact)
		}
		out[name] = fact
	}
	return out
}

type comparison struct {
	known *Source
	prose *Source
	found []Mismatch
}

func (c *comparison) report(detail, format string, args ...any) {
	c.found = append(c.found, Mismatch{Key: fmt.Sprintf(format, args...), Detail: detail})
}

func (c *comparison) call(key string, got Call) {
	known, ok := c.known.Calls[key]
	if !ok {
		c.report("Meta's specifications have no such call", unknownCall+"%s", key)
		if known, ok = c.prose.Calls[key]; !ok {
			return
		}
	}
	c.params(key, got.Params, known.Params)
	for path, field := range got.Response {
		c.answer(key, path, field, known)
	}
}

// params compares the parameters of a call.
func (c *comparison) params(key string, got, known Fields) {
	for name, param := range got {
		want, ok := known[name]
		if !ok {
			want, ok = everywhere[name]
		}
		ok = ok || c.inside(known, name)
		c.value("param "+key+" "+name, param, want, ok, sendable)
	}
	for name, want := range known {
		_, sent := got[name]
		if want.Required && !sent && !strings.Contains(name, ".") {
			c.report("Meta requires it, and it is missing", "param %s %s", key, name)
		}
	}
}

// answer compares one field of the answer to a call.
func (c *comparison) answer(key, path string, field Type, known Call) {
	// A read answers with the fields of a node. Other facts describe them too.
	node, single := nodeRead(key)
	name, item := strings.CutPrefix(path, "data[].")
	if !single && strings.HasPrefix(key, "GET ") {
		node = known.Returns
	}
	if item != single && c.known.Nodes[node] != nil {
		c.field(node, name, field)
		return
	}
	want, ok := known.Response[path]
	if wrapped, also := known.Response["data."+path]; !ok && also { // as in debug_token's answer
		want, ok = wrapped, true
	}
	ok = ok || len(known.Response) == 0 || c.inside(known.Response, path)
	c.value("answer "+key+" "+path, field, want, ok, compatible)
}

// field compares one field of a node, or one below it: "owner_business.name".
func (c *comparison) field(node, path string, got Type) {
	fields, ok := c.known.Nodes[node]
	if !ok {
		c.report("Meta's specifications do not describe this node type", unknownNode+"%s", node)
		if fields, ok = c.prose.Nodes[node]; !ok {
			return
		}
	}
	want, ok := fields[path]
	if head, rest, nested := strings.Cut(path, "."); nested && !ok {
		inner := element(fields[strings.TrimSuffix(head, "[]")].Name)
		if c.known.Nodes[inner] != nil {
			c.field(inner, rest, got)
			return
		}
	}
	c.value("field "+node+"."+path, got, want, ok || c.inside(fields, path), compatible)
}

// value compares a type with the fact about it, if there is one.
func (c *comparison) value(key string, got, want Type, known bool, agree func(got, want string) bool) {
	if !known {
		c.report("unknown to Meta's specifications", "%s", key)
		return
	}
	if want.Name != "" && !agree(got.Name, want.Name) {
		c.report(fmt.Sprintf("is %s here, %s there", got.Name, want.Name), "%s type", key)
	}
	if len(want.Values) == 0 {
		return
	}
	for _, value := range got.Values {
		if !slices.Contains(want.Values, value) {
			c.report("is not among "+strings.Join(want.Values, ", "), "%s = %s", key, value)
		}
	}
}

// inside reports whether a path is within an object that is known, and whose
// fields no fact names. Such a path cannot be wrong.
func (c *comparison) inside(fields Fields, path string) bool {
	at := strings.LastIndexByte(path, '.')
	if at < 0 {
		return false
	}
	parent := strings.TrimSuffix(path[:at], "[]")
	for name := range fields {
		if strings.HasPrefix(name, parent+".") || strings.HasPrefix(name, parent+"[].") {
			return false
		}
	}
	if fact, ok := fields[parent]; ok {
		return c.known.Nodes[element(fact.Name)] == nil
	}
	return c.inside(fields, parent)
}
