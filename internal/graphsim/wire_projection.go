package graphsim

import (
	"strconv"
)

// defaultMaxCost allows a page of 100 accounts with 100 numbers each.
const defaultMaxCost = 30_000

// errTooMuch is code 1. Only its text differs from that of other failures.
func errTooMuch() *apiError {
	return &apiError{code: 1, message: "Please reduce the amount of data you're asking for, then retry your request"}
}

// plan checks a selection before anything is read. One unknown field fails the whole
// request, also if the list is empty. plan returns how many nodes the selection asks
// for below each parent.
func (c *call) plan(t *nodeType, e *edgeDef, sel []selection) (int, *apiError) {
	cost := 0
	for _, s := range sel {
		if e != nil && e.extra[s.name] != nil {
			continue
		}
		if edge := t.edges[s.name]; edge != nil {
			n, err := c.planEdge(edge, s)
			if err != nil {
				return 0, err
			}
			cost += n
			continue
		}
		f := t.lookup(s.name, c.version)
		if f == nil {
			return 0, errNoField(s.name, t.name)
		}
		if f.ref != kNone && s.nested {
			n, err := c.plan(c.sim.schema.types[f.ref], nil, s.sub)
			if err != nil {
				return 0, err
			}
			cost += 1 + n
		}
	}
	return cost, nil
}

// planEdge returns how many nodes a page asks for: those of one item times the limit,
// even if the edge holds fewer.
func (c *call) planEdge(e *edgeDef, s selection) (int, *apiError) {
	limit, err := c.limitOf(e, s.mods["limit"])
	if err != nil {
		return 0, err
	}
	n, err := c.plan(c.sim.schema.types[e.item], e, s.sub)
	if err != nil {
		return 0, err
	}
	cost := limit * (1 + n)
	if cost > c.sim.cfg.MaxCost {
		return 0, errTooMuch()
	}
	return cost, nil
}

// limitOf returns the limit for an edge. A limit beyond its maximum is an error, or the
// maximum with Config.ClampLimits.
func (c *call) limitOf(e *edgeDef, text string) (int, *apiError) {
	if text == "" {
		return e.defLimit, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, errParam("Param limit must be a positive integer")
	}
	if n > e.maxLimit {
		if !c.sim.cfg.ClampLimits {
			return 0, errParam("For field '%s': limit must not exceed %d", e.name, e.maxLimit)
		}
		n = e.maxLimit
	}
	return n, nil
}

// selections makes a selection of names.
func selections(names []string) []selection {
	list := make([]selection, len(names))
	for i, n := range names {
		list[i].name = n
	}
	return list
}

// project builds the answer for one node. The id is always in it. For an item of an
// edge, e and parent are set, because the edge can add fields.
func (c *call) project(n node, sel []selection, e *edgeDef, parent node) (obj, *apiError) {
	t := c.sim.schema.types[n.kind()]
	o := make(obj, 0, len(sel)+1)
	for _, s := range sel {
		v, err := c.value(t, n, s, e, parent)
		if err != nil {
			return nil, err
		}
		if absent(v) {
			continue
		}
		if i := o.index(s.key()); i >= 0 {
			o[i].val = v
			continue
		}
		o = append(o, pair{s.key(), v})
	}
	if t.fields["id"] != nil && o.index("id") < 0 {
		o = append(o, pair{"id", n.nodeID()})
	}
	return o, nil
}

// value reads one field. A nested node without braces shows its reference fields.
func (c *call) value(t *nodeType, n node, s selection, e *edgeDef, parent node) (any, *apiError) {
	if e != nil && e.extra[s.name] != nil {
		return e.extra[s.name].get(c, parent, n), nil
	}
	if edge := t.edges[s.name]; edge != nil {
		return c.nestedEdge(edge, n, s)
	}
	f := t.lookup(s.name, c.version)
	if f == nil {
		return nil, errNoField(s.name, t.name)
	}
	switch v := f.get(c, n).(type) {
	case node:
		sub := s.sub
		if !s.nested {
			sub = selections(c.sim.schema.types[v.kind()].reference)
		}
		return c.project(v, sub, nil, nil)
	case obj:
		if len(s.sub) == 0 {
			return v, nil
		}
		return pick(v, s.sub), nil
	default:
		return v, nil
	}
}

// pick selects members of a plain object. Graph does not check their names.
func pick(o obj, sel []selection) obj {
	out := obj{}
	for _, s := range sel {
		if v := o.get(s.name); v != nil {
			if sub, ok := v.(obj); ok && len(s.sub) > 0 {
				v = pick(sub, s.sub)
			}
			out = append(out, pair{s.key(), v})
		}
	}
	return out
}

// defaultSelection returns the fields that a node or an item of an edge shows without a
// fields parameter.
func (c *call) defaultSelection(t *nodeType, e *edgeDef) []selection {
	names := t.defaults
	if e != nil && e.defaults != nil {
		names = e.defaults
	}
	list := make([]selection, 0, len(names))
	for _, name := range names {
		if (e != nil && e.extra[name] != nil) || t.lookup(name, c.version) != nil {
			list = append(list, selection{name: name})
		}
	}
	return list
}
