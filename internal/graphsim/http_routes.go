package graphsim

import (
	"maps"
	"slices"
	"strings"
)

// Param is one parameter of a route.
type Param struct {
	Name     string
	Type     string // string, int, unsigned int, bool, map, list<string>, csv
	Required bool
	Enum     []string // nil: any value
}

func (t Param) allows(v string) bool { return t.Enum == nil || slices.Contains(t.Enum, v) }

// Route is one call the simulator answers.
type Route struct {
	Method   string
	Template string // "/{waba-id}/phone_numbers"
	Node     string // Meta's name of the node's type, "" for calls on no node
	Edge     string
	Returns  string // the type of the items an edge lists, "" otherwise
	Params   []Param
	Extra    []Field // fields that exist only on the items of this edge
}

// Field is one field of a node type.
type Field struct {
	Name, Type string
	Since      string // first API version, "" for all that are served
	Default    bool   // served without a fields parameter
}

// NodeType is one type of node with the fields that the simulator serves.
type NodeType struct {
	Name   string
	Fields []Field
	Edges  []string
}

// action is a call that changes something, or a read that is neither a node nor an
// edge.
type action struct {
	method string
	node   kind
	edge   string // "" for the node itself
	path   string // for calls on no node: "/debug_token"
	params []Param
	open   bool // needs no token
	// ownFields is true if the action reads the fields parameter itself.
	ownFields bool
	// writes reports whether the call changes something; nil means all methods but GET.
	writes func(c *call) bool
	do     func(c *call) (any, *apiError)
}

func (sc *schema) action(method string, k kind, edge string) *action {
	for _, a := range sc.actions {
		if a.method == method && a.node == k && a.edge == edge && a.path == "" {
			return a
		}
	}
	return nil
}

func (sc *schema) pathAction(method, path string) *action {
	for _, a := range sc.actions {
		if a.method == method && a.path == path {
			return a
		}
	}
	return nil
}

// hasPath reports whether the path is that of a call without a node, such as
// /debug_token.
func (sc *schema) hasPath(path string) bool {
	return slices.ContainsFunc(sc.actions, func(a *action) bool { return a.path != "" && a.path == path })
}

func (sc *schema) template(k kind, edge string) string {
	t := "/" + sc.types[k].placeholder
	if edge != "" {
		t += "/" + edge
	}
	return t
}

// genericParams are the parameters that every edge takes.
var genericParams = []Param{{Name: "fields", Type: "string"}, {Name: "limit", Type: "unsigned int"},
	{Name: "after", Type: "string"}, {Name: "before", Type: "string"}, {Name: "summary", Type: "string"}}

// Routes lists all calls that the simulator answers, for comparison with Meta's
// published specifications.
func Routes() []Route { return newSchema().routes() }

// routes makes the table of all calls: the root, /me, the reads of each node type, and
// all actions.
func (sc *schema) routes() []Route {
	routes := []Route{{Method: "GET", Template: "/", Params: []Param{{Name: "ids", Type: "csv", Required: true}, {Name: "fields", Type: "string"}}},
		{Method: "POST", Template: "/", Params: []Param{{Name: "batch", Type: "string", Required: true}, {Name: "include_headers", Type: "bool"}}},
		{Method: "GET", Template: "/me", Node: "SystemUser", Params: []Param{{Name: "fields", Type: "string"}}},
		{Method: "GET", Template: "/me/businesses", Node: "SystemUser", Edge: "businesses", Returns: "Business", Params: genericParams}}
	for _, k := range sc.kinds {
		t := sc.types[k]
		if t.placeholder == "" {
			continue
		}
		routes = append(routes, Route{Method: "GET", Template: sc.template(k, ""), Node: t.name, Params: []Param{{Name: "fields", Type: "string"}}})
		for _, name := range t.edgeOrder {
			e := t.edges[name]
			routes = append(routes, Route{Method: "GET", Template: sc.template(k, name), Node: t.name, Edge: name,
				Returns: sc.types[e.item].name, Params: slices.Concat(e.params, genericParams), Extra: e.extraFields()})
		}
	}
	for _, a := range sc.actions {
		r := Route{Method: a.method, Template: a.path, Params: a.params}
		if a.path == "" {
			r.Template, r.Node, r.Edge = sc.template(a.node, a.edge), sc.types[a.node].name, a.edge
		}
		routes = append(routes, r)
	}
	return routes
}

func (e *edgeDef) extraFields() []Field {
	var list []Field
	for _, name := range slices.Sorted(maps.Keys(e.extra)) {
		list = append(list, Field{Name: name, Type: e.extra[name].typ, Default: slices.Contains(e.defaults, name)})
	}
	return list
}

// NodeTypes lists the node types with their fields.
func NodeTypes() []NodeType {
	sc := newSchema()
	var list []NodeType
	for _, k := range sc.kinds {
		t := sc.types[k]
		nt := NodeType{Name: t.name, Edges: t.edgeOrder}
		for _, name := range t.order {
			f := t.fields[name]
			field := Field{Name: name, Type: f.typ, Default: slices.Contains(t.defaults, name)}
			if f.since > 0 {
				field.Since = version(f.since).String()
			}
			nt.Fields = append(nt.Fields, field)
		}
		list = append(list, nt)
	}
	return list
}

// placeholderAliases are other names for the ids in templates.
var placeholderAliases = strings.NewReplacer(
	"{credit-line-id}", "{extended-credit-id}", "{credit-id}", "{extended-credit-id}",
	"{allocation-id}", "{allocation-config-id}",
	"{pre-verified-id}", "{preverified-id}", "{pre-verified-number-id}", "{preverified-id}",
	"{preverified-number-id}", "{preverified-id}", "{pre-verified-phone-number-id}", "{preverified-id}",
	"{user-id}", "{system-user-id}", "{phone-id}", "{phone-number-id}", "{number-id}", "{phone-number-id}",
	"{client-business-id}", "{business-id}", "{whatsapp-business-account-id}", "{waba-id}",
)

// matchesRoute reports whether the route of a hook covers a call. A route without a
// method covers all methods.
func matchesRoute(pattern, method, template string) bool {
	if pattern == "" {
		return true
	}
	m, t, ok := strings.Cut(pattern, " ")
	if !ok {
		m, t = "", pattern
	}
	return (m == "" || m == "*" || m == method) && t == template
}

// knowsRoute reports whether a pattern covers a route that exists. A hook with a
// misspelt route would never be called.
func (sc *schema) knowsRoute(pattern string) bool {
	return slices.ContainsFunc(sc.routes(), func(r Route) bool { return matchesRoute(pattern, r.Method, r.Template) })
}
