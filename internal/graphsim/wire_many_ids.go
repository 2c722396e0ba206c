package graphsim

// maxIDs is Meta's usual limit for a read of many ids.
const maxIDs = 50

// readMany answers ?ids=, on nodes and on an edge. The answer is keyed by id. If one id
// fails, the whole call fails.
func (c *call) readMany() (any, *apiError) {
	if len(c.ids) == 0 {
		return nil, errMissing("ids")
	}
	if len(c.ids) > maxIDs {
		return nil, errParam("Too many IDs. Maximum: %d. Provided: %d.", maxIDs, len(c.ids))
	}
	o := make(obj, 0, len(c.ids))
	for _, text := range c.ids {
		var n node
		if id, ok := parseID(text); ok {
			n = c.sim.st.node(id)
		}
		if n == nil || !c.sees(n) {
			return nil, &apiError{code: 803, message: numbered(803, "Some of the aliases you requested do not exist: "+text)}
		}
		v, err := c.readOne(n)
		if err != nil {
			return nil, err
		}
		if o.index(text) < 0 {
			o = append(o, pair{text, v})
		}
	}
	return o, nil
}

// readOne reads one of the ids. Each counts against its own quota.
func (c *call) readOne(n node) (any, *apiError) {
	if err := c.arrive(n); err != nil {
		return nil, err
	}
	if c.path == "/" {
		return c.readNode(n)
	}
	e := c.sim.schema.types[n.kind()].edges[c.path[1:]]
	if e == nil {
		return nil, errUnknownPath(c.path)
	}
	return c.directEdge(e, n)
}
