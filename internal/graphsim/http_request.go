package graphsim

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// request is one call as it arrived: from a socket, from the round tripper or from a
// batch.
type request struct {
	method      string
	path        string // without the prefix under which the API is mounted
	query       url.Values
	header      http.Header
	body        []byte
	base        string // scheme, host and prefix, for absolute links
	batch       bool   // one operation of a batch
	parentToken string // the batch's own token, for operations without one
	parentQuery params // the batch's proof belongs to its token
}

// call is a request in the pipeline.
type call struct {
	sim         *Sim
	req         *request
	params      params
	method      string
	version     version
	versionPath string // "/v25.0" as asked, "" without a version
	now         time.Time

	path   string // without version
	route  string // template
	ids    []string
	node   node
	edge   *edgeDef
	action *action
	multi  bool // ?ids=

	tokenText string
	token     *token
	err       *apiError // what is wrong with the request; it is answered in execute

	subject nid // the account whose quota the call counts against
	rec     *Call
	target  node // what a write created or changed, for reading back
}

// newCall reads a request and finds its route. It keeps what is wrong in err instead of
// failing, so that hooks see every call.
func (s *Sim) newCall(r *request) *call {
	c := &call{sim: s, req: r, now: s.now(), method: r.method}
	c.params, c.err = readParams(r.query, r.header.Get("Content-Type"), r.body)
	if m := strings.ToUpper(c.params.get("method")); m == "GET" || m == "POST" || m == "DELETE" {
		c.method = m // some clients override the method of a POST
	}
	v, asked, rest, err := splitVersion(r.path)
	c.version, c.path = v, "/"+strings.Trim(rest, "/")
	if asked != "" {
		c.versionPath = "/" + asked
	}
	if c.err == nil {
		c.err = err
	}
	c.tokenText = tokenOf(r.header.Get("Authorization"), c.params)
	if c.tokenText == "" && r.parentToken != "" {
		c.tokenText = r.parentToken
		c.inheritProof()
	}
	c.token = s.findToken(c.tokenText)
	c.match()
	return c
}

// inheritProof lets an operation use its batch's proof together with its token.
func (c *call) inheritProof() {
	for _, name := range proofParams {
		if v := c.req.parentQuery.get(name); v != "" && !c.params.has(name) {
			c.params.form.Set(name, v)
		}
	}
}

// isBatch reports whether the call is a batch. Every POST on the root is one, also
// without operations.
func (c *call) isBatch() bool {
	return c.path == "/" && c.method == "POST"
}

// match finds the route. The kind of the node in the first segment decides.
func (c *call) match() {
	sc := c.sim.schema
	c.route = c.path
	if c.path == "/" {
		c.multi = c.method == "GET" && c.params.has("ids")
		if c.multi {
			c.ids = c.params.list("ids")
		} else if c.method != "POST" {
			c.fail(errUnknownPath("/"))
		}
		return
	}
	if sc.hasPath(c.path) {
		if c.action = sc.pathAction(c.method, c.path); c.action == nil {
			c.fail(&apiError{code: 100, subcode: 33, kind: methodException, message: "Unsupported " + strings.ToLower(c.method) + " request."})
		}
		return
	}
	first, edge, _ := strings.Cut(strings.TrimPrefix(c.path, "/"), "/")
	if c.method == "GET" && edge == "" && c.params.has("ids") {
		c.multi, c.ids = true, c.params.list("ids")
		c.route = c.guessRoute(first)
		return
	}
	// me is not an id: the log shows it in the route.
	if first != "me" {
		c.ids = []string{first}
	}
	c.resolve(first)
	if c.node == nil {
		c.route = c.guessRoute(edge)
		if first == "me" {
			c.route = "/me"
		}
		return
	}
	c.bind(first, edge)
}

// resolve finds the node of the first segment of the path.
func (c *call) resolve(first string) {
	if first == "me" {
		if c.token != nil && c.token.kind == tokenApp {
			c.node = c.sim.st.app
		} else if u := c.meOf(); u != nil {
			c.node = u
		}
		return
	}
	if id, ok := parseID(first); ok {
		c.node = c.sim.st.node(id)
	}
}

// meOf returns the user that the token belongs to. An app token belongs to no user.
func (c *call) meOf() *user {
	if c.token == nil {
		return nil
	}
	return c.sim.st.users[c.token.user]
}

// bind finds the edge or the action of a known node.
func (c *call) bind(first, edge string) {
	sc := c.sim.schema
	k := c.node.kind()
	t := sc.types[k]
	c.route = sc.template(k, edge)
	if first == "me" {
		c.route = c.path
	}
	// Actions come first: some edges are read by an action, because they are not lists.
	if c.action = sc.action(c.method, k, edge); c.action != nil {
		return
	}
	if c.method == "GET" {
		if edge == "" {
			return
		}
		if c.edge = t.edges[edge]; c.edge != nil {
			return
		}
	}
	if edge != "" && !sc.hasEdge(edge) {
		c.fail(errUnknownPath("/" + edge))
		return
	}
	c.fail(errNoObject(c.method, first))
}

// hasEdge reports whether any node has an edge of that name, to read or to write.
func (sc *schema) hasEdge(edge string) bool {
	for _, r := range sc.routes() {
		if r.Edge == edge {
			return true
		}
	}
	return false
}

// guessRoute returns the template of a call whose id names no node. The edge decides.
// So hooks also see calls on deleted nodes.
func (c *call) guessRoute(edge string) string {
	if edge != "" {
		for _, r := range c.sim.schema.routes() {
			if r.Edge == edge && r.Method == c.method {
				return r.Template
			}
		}
	}
	return "/{id}" + strings.TrimSuffix("/"+edge, "/")
}

// fail records what is wrong. The first reason is the one that is answered.
func (c *call) fail(err *apiError) {
	if c.err == nil {
		c.err = err
	}
}

// selection parses the fields parameter. It returns nil if the parameter was not sent.
func (c *call) selection() ([]selection, *apiError) {
	text := c.params.get("fields")
	if text == "" {
		text = joinBracketed(c.params, "fields")
	}
	return parseFields(text)
}

// asksFields reports whether the fields parameter names a field. Some clients always
// send the parameter, and leave it empty when they want the plain answer.
func (c *call) asksFields() bool {
	return c.params.get("fields") != "" || len(c.params.bracketed("fields")) > 0
}

func joinBracketed(p params, name string) string { return strings.Join(p.bracketed(name), ",") }
