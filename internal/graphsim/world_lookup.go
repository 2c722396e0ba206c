package graphsim

func (st *state) business(id nid) *business {
	return find(st, st.businesses, id, bulkBusinesses, st.bulk.wabas, st.bulk.business)
}

func (st *state) waba(id nid) *waba {
	return find(st, st.wabas, id, bulkWABAs, st.bulk.wabas, st.bulk.waba)
}

func (st *state) number(id nid) *number {
	return find(st, st.numbers, id, bulkNumbers, st.bulk.wabas*st.bulk.numbers, st.bulk.number)
}

// allocation also knows that one virtual client in ten has no allocation.
func (st *state) allocation(id nid) *allocation {
	if i, ok := bulkAllocations.index(id, st.bulk.wabas); ok && !bulkAllocated(i) {
		return st.allocations[id]
	}
	return find(st, st.allocations, id, bulkAllocations, st.bulk.wabas, st.bulk.allocation)
}

// find returns the real node, even a deleted one, before its virtual twin.
func find[T any](st *state, made map[nid]*T, id nid, s span, n int, makeOne func(int) *T) *T {
	if v, ok := made[id]; ok {
		return v
	}
	i, ok := s.index(id, n)
	if !ok {
		return nil
	}
	v := makeOne(i)
	if st.retain {
		made[id] = v
	}
	return v
}

// created returns when an account was created, without making a node of it.
func (st *state) created(id nid) int64 {
	if w := st.wabas[id]; w != nil {
		return w.created
	}
	if i, ok := bulkWABAs.index(id, st.bulk.wabas); ok {
		return st.bulk.created(i)
	}
	return 0
}

// ownerOf returns the portfolio that owns an account, without making a node of it.
func (st *state) ownerOf(id nid) nid {
	if w := st.wabas[id]; w != nil {
		return w.owner
	}
	if i, ok := bulkWABAs.index(id, st.bulk.wabas); ok {
		return bulkBusinesses.at(i)
	}
	return 0
}

// node returns the node with the id, whatever its kind.
func (st *state) node(id nid) node {
	switch {
	case id == st.app.id:
		return st.app
	case st.lines[id] != nil:
		return st.lines[id]
	case st.users[id] != nil:
		return st.users[id]
	case st.preverified[id] != nil:
		return st.preverified[id]
	case st.templates[id] != nil:
		return st.templates[id]
	case st.solutions[id] != nil:
		return st.solutions[id]
	}
	if w := st.waba(id); w != nil {
		return w
	}
	if n := st.number(id); n != nil {
		return n
	}
	if b := st.business(id); b != nil {
		return b
	}
	if a := st.allocation(id); a != nil {
		return a
	}
	return nil
}
