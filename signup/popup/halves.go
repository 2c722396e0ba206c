package popup

import (
	"container/heap"
	"container/list"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup"
)

// half is what is remembered of a signup. It does not hold the code of the callback.
type half struct {
	session string // its id
	tenant  signup.Tenant
	until   time.Time
	event   *Event // without Raw
	called  bool   // the callback came
	late    bool   // the event came after the callback
	record  string // the onboarding that Began named

	size             int
	inOrder, inShare *list.Element
}

// The bytes that a half needs besides its texts, rounded up.
const (
	halfBytes    = 512 // with its places in halves, and the share of its tenant
	eventBytes   = 288
	problemBytes = 64
	textBytes    = 24 // for each item of a list
)

func (h *half) measure() int {
	size := halfBytes + len(h.session) + len(h.tenant) + len(h.record)
	if h.event != nil {
		size += h.event.size()
	}
	return size
}

// size returns about how many bytes an event without Raw needs.
func (e Event) size() int {
	size := eventBytes + len(e.Name) + len(e.Version) + len(e.Business) + len(e.Screen) + sizeOf(e.WABAs) + sizeOf(e.Numbers)
	for _, texts := range [...][]string{e.AdAccounts, e.Pages, e.Datasets, e.Catalogs, e.InstagramAccounts} {
		size += sizeOf(texts)
	}
	if e.Problem != nil {
		size += problemBytes + len(e.Problem.Message) + len(e.Problem.SessionID)
	}
	return size
}

func sizeOf[T ~string](texts []T) int {
	size := 0
	for _, text := range texts {
		size += textBytes + len(text)
	}
	return size
}

// copied returns a copy without Raw. It shares nothing with e that can be changed.
func (e Event) copied() *Event {
	e.Raw = nil
	e.WABAs, e.Numbers = slices.Clone(e.WABAs), slices.Clone(e.Numbers)
	for _, texts := range [...]*[]string{&e.AdAccounts, &e.Pages, &e.Datasets, &e.Catalogs, &e.InstagramAccounts} {
		*texts = slices.Clone(*texts)
	}
	if e.Problem != nil {
		problem := *e.Problem
		e.Problem = &problem
	}
	return &e
}

// halves holds halves, limited in number and in bytes. If it is full, it forgets the
// oldest half of the tenant that has the most bytes, so that a tenant with many signups
// does not push out those of others. It is not safe for concurrent use: a Join locks it.
type halves struct {
	max, maxBytes int

	bytes     int
	bySession map[string]*half
	order     list.List // of *half, the oldest first
	byTenant  map[signup.Tenant]*share
	shares    shareHeap
}

// share has the halves of one tenant.
type share struct {
	bytes  int
	halves list.List // of *half, the oldest first
	index  int       // in shareHeap
}

func newHalves(limit, maxBytes int) *halves {
	return &halves{max: limit, maxBytes: maxBytes, bySession: map[string]*half{}, byTenant: map[signup.Tenant]*share{}}
}

// get returns the half of a session, or nil.
func (m *halves) get(session string, now time.Time) *half {
	// A half with a short life may stand behind one with a longer life. It is removed
	// later, and not returned.
	for first := m.order.Front(); first != nil && !first.Value.(*half).until.After(now); first = m.order.Front() {
		m.remove(first.Value.(*half))
	}
	if h := m.bySession[session]; h != nil && h.until.After(now) {
		return h
	}
	return nil
}

// put stores a half as the newest one, in place of the earlier half of its session.
func (m *halves) put(h *half) {
	if before := m.bySession[h.session]; before != nil {
		m.remove(before)
	}
	h.size = h.measure()
	for len(m.shares) > 0 && (len(m.bySession) >= m.max || m.bytes+h.size > m.maxBytes) {
		m.remove(m.shares[0].halves.Front().Value.(*half))
	}
	m.bySession[h.session] = h
	m.bytes += h.size
	h.inOrder = m.order.PushBack(h)
	if of := m.byTenant[h.tenant]; of != nil {
		of.bytes += h.size
		h.inShare = of.halves.PushBack(h)
		heap.Fix(&m.shares, of.index)
		return
	}
	of := &share{bytes: h.size}
	h.inShare = of.halves.PushBack(h)
	m.byTenant[h.tenant] = of
	heap.Push(&m.shares, of)
}

func (m *halves) remove(h *half) {
	delete(m.bySession, h.session)
	m.bytes -= h.size
	m.order.Remove(h.inOrder)
	of := m.byTenant[h.tenant]
	of.bytes -= h.size
	of.halves.Remove(h.inShare)
	if of.halves.Len() > 0 {
		heap.Fix(&m.shares, of.index)
		return
	}
	heap.Remove(&m.shares, of.index)
	delete(m.byTenant, h.tenant)
}

// shareHeap has the largest share at index 0. Shares of about the same size are in the
// order of their oldest halves.
type shareHeap []*share

// sameShare is a difference in bytes that does not count: a few signups.
const sameShare = 4 << 10

func (s shareHeap) Len() int { return len(s) }

// Less implements heap.Interface.
func (s shareHeap) Less(i, j int) bool {
	if a, b := s[i].bytes/sameShare, s[j].bytes/sameShare; a != b {
		return a > b
	}
	return s[i].halves.Front().Value.(*half).until.Before(s[j].halves.Front().Value.(*half).until)
}

// Swap implements heap.Interface.
func (s shareHeap) Swap(i, j int) {
	s[i], s[j] = s[j], s[i]
	s[i].index, s[j].index = i, j
}

// Push implements heap.Interface.
func (s *shareHeap) Push(x any) {
	of := x.(*share)
	of.index = len(*s)
	*s = append(*s, of)
}

// Pop implements heap.Interface.
func (s *shareHeap) Pop() any {
	last := len(*s) - 1
	of := (*s)[last]
	(*s)[last] = nil
	*s = (*s)[:last]
	return of
}
