package graphsim

import "slices"

// listCreditLines lists the lines of a portfolio. Without a finance role the list is
// empty; that is not an error.
func listCreditLines(c *call, n node, _ params) (listing, *apiError) {
	b := n.(*business)
	if err := c.has(scopeBusiness); err != nil {
		return listing{}, err
	}
	l := listing{get: func(id nid) node { return c.sim.st.lines[id] }}
	if b.id == c.token.owner && c.isFinance() {
		l.ids = b.lines
	}
	return l, nil
}

// listAllocations lists the valid allocations of a line, or only the one of a client.
func listAllocations(c *call, n node, p params) (listing, *apiError) {
	l := n.(*line)
	out := listing{get: func(id nid) node { return c.sim.st.allocation(id) }}
	if text := p.get("receiving_business_id"); text != "" {
		receiver, ok := parseID(text)
		if !ok {
			return out, errBlame("receiving_business_id", "Param receiving_business_id must be a valid business id")
		}
		if a := c.sim.liveAllocation(l, receiver); a != nil {
			out.ids = []nid{a.id}
		}
		return out, nil
	}
	out.ids = slices.DeleteFunc(slices.Clone(l.allocations), func(id nid) bool {
		a, known := c.sim.st.allocations[id]
		return known && (a == nil || a.deleted)
	})
	return out, nil
}

// bareAllocation answers with a single object, the other shape that Meta shows for one
// client's allocation.
func bareAllocation(c *call, items []any) any {
	if !c.sim.cfg.BareAllocation || c.params.get("receiving_business_id") == "" {
		return nil
	}
	if len(items) == 0 {
		return obj{}
	}
	return items[0]
}

// liveAllocation returns the valid allocation between a line and a client's portfolio,
// of which there is at most one, or nil.
func (s *Sim) liveAllocation(l *line, receiver nid) *allocation {
	if i, ok := bulkBusinesses.index(receiver, s.st.bulk.wabas); ok && bulkAllocated(i) {
		if a := s.st.allocation(bulkAllocations.at(i)); a != nil && !a.deleted && a.line == l.id {
			return a
		}
	}
	for id, a := range s.st.allocations {
		if a != nil && a.line == l.id && a.receiver == receiver && !a.deleted {
			return s.st.allocation(id)
		}
	}
	return nil
}
