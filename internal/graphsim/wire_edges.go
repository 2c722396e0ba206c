package graphsim

import (
	"net/url"
	"slices"
	"strings"
)

// edgeDef is a list of items that belong to a node. It is read with GET /{node}/{edge},
// and as a field of its parent.
type edgeDef struct {
	name     string
	parent   kind
	item     kind
	defaults []string // item fields that are served without a fields parameter; nil: those of the type
	defLimit int
	maxLimit int
	unpaged  bool // the answer carries no paging object
	params   []Param
	extra    map[string]*extraField
	list     func(c *call, parent node, p params) (listing, *apiError)
	// answer, when set, may replace the whole answer of a direct read.
	answer func(c *call, items []any) any
}

// extraField is a field that exists only on the items of an edge.
type extraField struct {
	typ string
	get func(c *call, parent, item node) any
}

// listing holds all items of an edge, in order. Nodes are made one page at a time.
type listing struct {
	ids []nid
	get func(nid) node
	// hidden reports whether the token may not see an item. Nil means that it sees all.
	hidden func(nid) bool
}

// edgePage is one page of an edge.
type edgePage struct {
	nodes         []node
	first, last   nid // ids at the ends of the cut, for the cursors
	before, after bool
	total         int
}

// readEdge lists an edge and cuts the page that the parameters ask for.
func (c *call) readEdge(e *edgeDef, parent node, p params) (edgePage, *apiError) {
	limit, err := c.limitOf(e, p.get("limit"))
	if err != nil {
		return edgePage{}, err
	}
	l, err := e.list(c, parent, p)
	if err != nil {
		return edgePage{}, err
	}
	if l.hidden != nil && !c.sim.cfg.ThinPages {
		l.ids = slices.DeleteFunc(slices.Clone(l.ids), l.hidden)
	}
	start, end, err := c.cut(e, parent, l.ids, p, limit)
	if err != nil {
		return edgePage{}, err
	}
	page := edgePage{before: start > 0, after: end < len(l.ids), total: len(l.ids)}
	if start < end {
		page.first, page.last = l.ids[start], l.ids[end-1]
	}
	for _, id := range l.ids[start:end] {
		if l.hidden == nil || !l.hidden(id) {
			page.nodes = append(page.nodes, l.get(id))
		}
	}
	return page, nil
}

// items builds the answers for the nodes of a page.
func (c *call) items(e *edgeDef, parent node, page edgePage, sel []selection) ([]any, *apiError) {
	if sel == nil {
		sel = c.defaultSelection(c.sim.schema.types[e.item], e)
	}
	items := make([]any, 0, len(page.nodes))
	for _, n := range page.nodes {
		o, err := c.project(n, sel, e, parent)
		if err != nil {
			return nil, err
		}
		items = append(items, o)
	}
	return items, nil
}

// nestedEdge answers an edge that was asked for as a field. Its paging links lead to
// the edge's own URL. An empty nested edge is left out, as null values are.
func (c *call) nestedEdge(e *edgeDef, parent node, s selection) (any, *apiError) {
	p := params{query: url.Values{}, form: url.Values{}}
	for mod, arg := range s.mods {
		p.query.Set(mod, arg)
	}
	page, err := c.readEdge(e, parent, p)
	if err != nil {
		return nil, err
	}
	if len(page.nodes) == 0 && !page.after {
		return nil, nil
	}
	items, err := c.items(e, parent, page, s.sub)
	if err != nil {
		return nil, err
	}
	if s.nested {
		p.query.Set("fields", fieldsText(s.sub))
	}
	for _, name := range proofParams {
		if v := c.params.query.Get(name); v != "" {
			p.query.Set(name, v)
		}
	}
	return c.envelope(e, parent, page, items, p.query), nil
}

// directEdge answers GET /{node}/{edge}.
func (c *call) directEdge(e *edgeDef, parent node) (any, *apiError) {
	sel, err := c.selection()
	if err != nil {
		return nil, err
	}
	if _, err := c.planEdge(e, selection{sub: sel, mods: map[string]string{"limit": c.params.get("limit")}}); err != nil {
		return nil, err
	}
	page, err := c.readEdge(e, parent, c.params)
	if err != nil {
		return nil, err
	}
	items, err := c.items(e, parent, page, sel)
	if err != nil {
		return nil, err
	}
	if e.answer != nil {
		if v := e.answer(c, items); v != nil {
			return v, nil
		}
	}
	o := c.envelope(e, parent, page, items, c.linkQuery())
	if c.wantsTotal() {
		o = append(o, pair{"summary", obj{{"total_count", page.total}}})
	}
	return o, nil
}

// wantsTotal reports whether the call asks for the total. Clients write summary in
// several ways.
func (c *call) wantsTotal() bool {
	s := c.params.get("summary")
	return s == "total_count" || s == "true" || s == "1" || s == `["total_count"]`
}

// fieldsText writes a selection as text, for the links of a nested edge.
func fieldsText(list []selection) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s.name)
		for _, mod := range sortedKeys(s.mods) {
			b.WriteString("." + mod + "(" + s.mods[mod] + ")")
		}
		if s.alias != "" {
			b.WriteString(".as(" + s.alias + ")")
		}
		if s.nested {
			b.WriteString("{" + fieldsText(s.sub) + "}")
		}
	}
	return b.String()
}
