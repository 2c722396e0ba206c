package graphsim

func creditRevokeActions() []*action {
	return []*action{{method: "DELETE", node: kAllocation, do: revokeAllocation}}
}

// revokeAllocation ends an allocation: every account of that client loses the line. A
// repetition finds nothing to delete, but the node can still be read.
func revokeAllocation(c *call) (any, *apiError) {
	a := c.node.(*allocation)
	if a.deleted {
		return nil, errNoObject(c.method, a.id.String())
	}
	a.deleted = true
	for _, id := range a.attached {
		if w := c.sim.st.waba(id); w != nil && w.allocation == a.id {
			// The currency stays what it was: it can never be changed.
			w.allocation, w.funding = 0, 0
			c.sim.note(w, "CREDIT_LINE_REVOKED")
		}
	}
	return success(), nil
}
