package graphsim

// execute runs a call under the simulator's lock and returns its answer.
func (c *call) execute() (any, *apiError) {
	if c.err != nil {
		return nil, c.err
	}
	if c.action != nil && c.action.open {
		return c.run()
	}
	// All calls below need a token.
	if err := c.authenticate(); err != nil {
		return nil, err
	}
	if c.multi {
		return c.readMany()
	}
	// debug_token and others have no node, so there is nothing to see and no quota.
	if c.action != nil && c.action.path != "" {
		return c.run()
	}
	return c.executeOnNode()
}

// executeOnNode runs a call on its node: an action, an edge, or the read of the node.
func (c *call) executeOnNode() (any, *apiError) {
	if c.node != nil && c.node.nodeID() != 0 {
		c.node = c.sim.st.node(c.node.nodeID()) // it may have been deleted while a fault delayed the call
	}
	if c.node == nil {
		return nil, errNoObject(c.method, c.firstID())
	}
	if c.action != nil && c.action.node != kNone && c.checksVisibility() {
		return c.run()
	}
	if err := c.arrive(c.node); err != nil {
		return nil, err
	}
	if c.action != nil {
		return c.run()
	}
	if c.edge != nil {
		return c.directEdge(c.edge, c.node)
	}
	return c.readNode(c.node)
}

func (c *call) firstID() string {
	if len(c.ids) == 0 {
		return "me"
	}
	return c.ids[0]
}

// checksVisibility reports whether the action checks itself who may see its node. A partner
// may fetch a client's token before it can see anything else of that client.
func (c *call) checksVisibility() bool { return c.action.edge == "system_user_access_tokens" }

// arrive makes the checks for every call on a node: the token may see it, the quota of
// its account is not used up, and the token may read accounts.
func (c *call) arrive(n node) *apiError {
	if !c.sees(n) {
		return errNoObject(c.method, n.nodeID().String())
	}
	if err := c.count(n); err != nil {
		return err
	}
	switch n := n.(type) {
	case *waba, *number, *template:
		return c.readsWhatsApp()
	case *line:
		// A client's business token reaches the line only to attach itself to it.
		if c.token.kind == tokenBusiness && c.action != nil && c.action.edge == "whatsapp_credit_attach" {
			return nil
		}
		return c.finance(n.owner)
	case *allocation:
		return c.finance(c.token.owner)
	}
	return nil
}

// run checks the parameters of an action and executes it. If the call names fields, run
// then reads them from the node that was changed.
func (c *call) run() (any, *apiError) {
	if err := c.params.check(c.action.params); err != nil {
		return nil, err
	}
	if c.method != "GET" {
		c.sim.st.retain = true
		defer func() { c.sim.st.retain = false }()
		if c.node != nil && c.node.nodeID() != 0 {
			c.node = c.sim.st.node(c.node.nodeID()) // a virtual node becomes real
		}
	}
	answer, err := c.action.do(c)
	c.rec.Effect = err == nil && c.writes()
	if err != nil || c.method != "POST" || c.action.ownFields || c.target == nil || !c.asksFields() {
		return answer, err
	}
	read, err := c.readNode(c.target)
	if err != nil {
		err.original = answer // the write happened
		return nil, err
	}
	return read, nil
}

// writes reports whether the action of the call changes something.
func (c *call) writes() bool {
	if c.action.writes != nil {
		return c.action.writes(c)
	}
	return c.method != "GET"
}

func (c *call) readNode(n node) (any, *apiError) {
	sel, err := c.selection()
	if err != nil {
		return nil, err
	}
	t := c.sim.schema.types[n.kind()]
	if sel == nil {
		sel = c.defaultSelection(t, nil)
	}
	if _, err := c.plan(t, nil, sel); err != nil {
		return nil, err
	}
	return c.project(n, sel, nil, nil)
}
