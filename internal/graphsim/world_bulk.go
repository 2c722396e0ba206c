package graphsim

import (
	"fmt"
	"strconv"
)

// bulk describes the accounts of a big world. They are virtual. The id of an account
// says by arithmetic which account it is. A read makes the node for the moment of the
// read, and a write makes it real. So a hundred thousand accounts need two lists of ids
// and no more.
type bulk struct {
	wabas, numbers int // numbers for each account
	start          int64
	partner        nid
	line           nid
}

// span is a series of ids of one kind: base, base+stride, and so on.
type span struct{ base, stride nid }

// The strides are primes, so that neighbouring ids do not look like a count.
var (
	bulkWABAs       = span{310000000000017, 7919}
	bulkBusinesses  = span{410000000000023, 6211}
	bulkNumbers     = span{610000000000031, 3571}
	bulkAllocations = span{6854328470043126, 4099}
	bulkFundings    = span{7899001122334455, 4241}
)

func (s span) at(i int) nid { return s.base + nid(i)*s.stride }

// index returns which of n nodes has the id.
func (s span) index(id nid, n int) (int, bool) {
	d := id - s.base
	if d < 0 || d%s.stride != 0 || int64(d/s.stride) >= int64(n) {
		return 0, false
	}
	return int(d / s.stride), true
}

// bulkAllocated reports whether the client of a virtual account has an allocation. Nine
// in ten have one.
func bulkAllocated(i int) bool { return i%10 != 9 }

// bulkCountries are the countries of generated clients. The time zones are Meta's own
// numbers.
var bulkCountries = []struct{ country, cc, currency, timezone string }{
	{"DE", "49", "EUR", "47"}, {"US", "1", "USD", "1"}, {"GB", "44", "GBP", "58"},
	{"IN", "91", "INR", "71"}, {"ID", "62", "IDR", "66"}, {"AU", "61", "AUD", "25"},
}

// created puts virtual accounts a minute apart, so that a filter on the time can
// separate any two.
func (b *bulk) created(i int) int64 { return b.start - 86400 - int64(i)*60 }

func (b *bulk) business(i int) *business {
	c := bulkCountries[i%len(bulkCountries)]
	return &business{id: bulkBusinesses.at(i), name: "Client Portfolio " + strconv.Itoa(i+1), country: c.country,
		verification: "verified", created: b.created(i) - 3600, timezone: 1, owned: []nid{bulkWABAs.at(i)}, tier: "TIER_2K", connected: true, fetchable: true}
}

// waba makes account i. Two calls make two equal nodes, so nothing may be stored in
// them.
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

// business and its neighbours are the only way to nodes of their kinds. A deleted node
// stays in its map as nil, so that its virtual twin does not appear again.
