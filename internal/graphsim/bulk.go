package graphsim

import (
	"fmt"
	"strconv"
)

// bulk describes the accounts of a big world. They are virtual: an id says by
// arithmetic which account it is, a read makes its node for the moment, and only what
// a write touches becomes a real node. A hundred thousand accounts are so two lists
// of ids.
type bulk struct {
	wabas, numbers int // numbers for each account
	start          int64
	partner        nid
	line           nid
}

// span is a run of ids of one kind: base, base+stride, ...
type span struct{ base, stride nid }

// The strides are primes, so that neighbouring ids do not look counted.
var (
	bulkWABAs       = span{310000000000017, 7919}
	bulkBusinesses  = span{410000000000023, 6211}
	bulkNumbers     = span{610000000000031, 3571}
	bulkAllocations = span{6854328470043126, 4099}
	bulkFundings    = span{7899001122334455, 4241}
)

func (s span) at(i int) nid { return s.base + nid(i)*s.stride }

// index tells which of n nodes an id names.
func (s span) index(id nid, n int) (int, bool) {
	d := id - s.base
	if d < 0 || d%s.stride != 0 || int64(d/s.stride) >= int64(n) {
		return 0, false
	}
	return int(d / s.stride), true
}

// bulkAllocated tells whether the client of a virtual account has an allocation: nine
// in ten have.
func bulkAllocated(i int) bool { return i%10 != 9 }

// bulkCountries are where made-up clients live. timezone is Meta's own numbering.
var bulkCountries = []struct{ country, cc, currency, timezone string }{
	{"DE", "49", "EUR", "47"}, {"US", "1", "USD", "1"}, {"GB", "44", "GBP", "58"},
	{"IN", "91", "INR", "71"}, {"ID", "62", "IDR", "66"}, {"AU", "61", "AUD", "25"},
}

// created spaces virtual accounts a minute apart, so that filters on the time cut
// anywhere.
func (b *bulk) created(i int) int64 { return b.start - 86400 - int64(i)*60 }

func (b *bulk) business(i int) *business {
	c := bulkCountries[i%len(bulkCountries)]
	return &business{id: bulkBusinesses.at(i), name: "Client Portfolio " + strconv.Itoa(i+1), country: c.country,
		verification: "verified", created: b.created(i) - 3600, timezone: 1, owned: []nid{bulkWABAs.at(i)}, tier: "TIER_2K", connected: true}
}

// waba makes account i. Two calls make two equal nodes: nothing may be kept in them.
func (b *bulk) waba(i int) *waba {
	c := bulkCountries[i%len(bulkCountries)]
	w := &waba{id: bulkWABAs.at(i), name: "Client Account " + strconv.Itoa(i+1), owner: bulkBusinesses.at(i), shared: []nid{b.partner},
		created: b.created(i), currency: c.currency, timezone: c.timezone, namespace: fmt.Sprintf("%08x_bulk_%d", i, b.numbers),
		country: c.country, review: "APPROVED", status: "ACTIVE", autoArchive: true}
	for j := range b.numbers {
		w.numbers = append(w.numbers, bulkNumbers.at(i*b.numbers+j))
	}
	if bulkAllocated(i) {
		w.allocation, w.funding, w.currencyFixed = bulkAllocations.at(i), bulkFundings.at(i), true
	}
	return w
}

// number makes the k-th number over all virtual accounts.
func (b *bulk) number(k int) *number {
	i := k / b.numbers
	c := bulkCountries[i%len(bulkCountries)]
	n := &number{id: bulkNumbers.at(k), waba: bulkWABAs.at(i), cc: c.cc, national: fmt.Sprintf("30555%06d", k), country: c.country,
		name: "Client " + strconv.Itoa(i+1), status: "APPROVED", serial: 7_000_000_000 + int64(k), certTime: b.created(i) + 600,
		state: "CONNECTED", verified: "VERIFIED", quality: "GREEN", mode: "LIVE", onboarded: b.created(i) + 600 - int64(k%b.numbers),
		level: "STANDARD", pin: "000000"}
	n.display = displayNumber(n.cc, n.national)
	return n
}

func (b *bulk) allocation(i int) *allocation {
	return &allocation{id: bulkAllocations.at(i), line: b.line, receiver: bulkBusinesses.at(i), funding: bulkFundings.at(i),
		created: b.created(i) + 900, attached: []nid{bulkWABAs.at(i)}}
}

// The lookups below are the only way to nodes of these kinds. A deleted node stays in
// its map as nil, so that its virtual twin does not rise again.

func (st *state) business(id nid) *business {
	return find(st, st.businesses, id, bulkBusinesses, st.bulk.wabas, st.bulk.business)
}

func (st *state) waba(id nid) *waba {
	return find(st, st.wabas, id, bulkWABAs, st.bulk.wabas, st.bulk.waba)
}

func (st *state) number(id nid) *number {
	return find(st, st.numbers, id, bulkNumbers, st.bulk.wabas*st.bulk.numbers, st.bulk.number)
}

// One virtual client in ten has no allocation, and so no such node either.
func (st *state) allocation(id nid) *allocation {
	if i, ok := bulkAllocations.index(id, st.bulk.wabas); ok && !bulkAllocated(i) {
		return st.allocations[id]
	}
	return find(st, st.allocations, id, bulkAllocations, st.bulk.wabas, st.bulk.allocation)
}

// find prefers the real node, even a deleted one, to its virtual twin.
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

// created tells when an account was created without making a node of it.
func (st *state) created(id nid) int64 {
	if w := st.wabas[id]; w != nil {
		return w.created
	}
	if i, ok := bulkWABAs.index(id, st.bulk.wabas); ok {
		return st.bulk.created(i)
	}
	return 0
}

// ownerOf tells whose an account is without making a node of it.
func (st *state) ownerOf(id nid) nid {
	if w := st.wabas[id]; w != nil {
		return w.owner
	}
	if i, ok := bulkWABAs.index(id, st.bulk.wabas); ok {
		return bulkBusinesses.at(i)
	}
	return 0
}

// node finds what an id names, of any kind.
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
