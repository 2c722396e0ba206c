package graphsim

func creditRevokeActions() []*action {
	return []*action{{method: "DELETE", node: kAllocation, do: revokeAllocation}}
}

// revokeAllocation deletes an allocation. All accounts of that client lose the line. A
// second call is an error, but the node can still be read.
func revokeAllocation(c *call) (any, *apiError) {
	a := c.node.(*allocation)
	if a.deleted {
		return nil, errNoObject(c.method, a.id.String())
	}
	a.deleted = true
	for _, id := range a.attached {
		if w := c.sim.st.waba(id); w != nil && w.allocation == a.id {
			// The currency stays: it can never be changed.
			w.allocation, w.funding = 0, 0
			c.sim.note(w, "CREDIT_LINE_REVOKED")
		}
	}
	return success(), nil
}
