package pacing

import (
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// answer is what the end of an attempt says about the quota that it counts for.
type answer struct {
	start   int64
	reached bool // Meta answered
	refused bool // because of this quota
	load    graph.AssetUsage
	known   bool // the answer had a load for this quota
}

// observe learns from the end of an attempt.
func (q *Quota) observe(now int64, r rule, a answer) {
	q.refresh(now, r)
	switch {
	case a.refused || a.load.RegainAfter > 0:
		q.refuse(now, r, a.load.RegainAfter)
	case a.reached:
		q.accept()
	}
	if r.limit < 0 {
		return
	}
	s := q.answered(a.start, now)
	if !a.known {
		return
	}
	s.confirmed++
	s.peak = max(s.peak, int32(a.load.Calls))
	q.headerAt = now
	q.raiseLimit(now)
	q.countOthers(now, a.load.Peak())
	if sent, others := q.used(); sent+others < q.limit*freePercent/100 {
		q.probes = 0
	}
}

// raiseLimit raises the limit to what the headers prove. Of any n calls, Meta
// counted one as the last. Its header was written at a usage of n or more and
// said p percent or less, where p is the highest percentage that any of the
// headers said. So the limit is above 100n/(p+1), whatever the order in which the
// answers came. Two groups of calls are left out, so that the limit is never too
// high: the newest calls, because Meta may count them later, and the oldest calls,
// because Meta may count in coarser steps than we do.
func (q *Quota) raiseLimit(now int64) {
	newest := now/q.slotWidth - 2
	oldest := (now - q.window()*9/10) / q.slotWidth
	n, peak := 0, 0
	for _, s := range slices.Backward(q.slots) {
		peak = max(peak, int(s.peak))
		if s.index < oldest || peak >= 100 { // 100 can stand for more than 100
			return
		}
		if s.index <= newest {
			n += int(s.confirmed)
		}
		if n > 0 {
			q.limit = max(q.limit, 100*n/(peak+1)+1)
		}
	}
}

// countOthers explains the load that a header says, in percent, by calls of other
// programs, as far as our own calls do not explain it. Calls that are new are
// dated to now, the latest time at which they can have been made; calls that are
// gone are taken from the oldest. The two bounds differ by our calls that are
// still under way. A limit that is lower than we believe shows as load too, so
// it never has to be lowered here.
func (q *Quota) countOthers(now int64, load int) {
	sent, others := q.used()
	least := (load*q.limit+99)/100 - sent
	if least > others {
		q.current(now).others += int32(least - others)
		return
	}
	if load >= 100 {
		return
	}
	most := max(((load+1)*q.limit+99)/100-1-q.surelyCounted(now), 0)
	for i := range q.slots {
		if others <= most {
			return
		}
		s := &q.slots[i]
		n := min(int(s.others), others-most)
		s.others -= int32(n)
		others -= n
	}
}

// surelyCounted returns how many calls were answered and are well within the
// window, so that they are in Meta's count.
func (q *Quota) surelyCounted(now int64) int {
	n := 0
	for _, s := range q.slots {
		if s.index*q.slotWidth > now-q.window()*9/10 {
			n += int(s.confirmed)
		}
	}
	return n
}

// refuse stores a throttle: no call until the wait that Meta named is over. If
// Meta named none, the wait is five minutes of an hour, and doubles each time up
// to the whole hour. Calls that were under way at the same time count once.
func (q *Quota) refuse(now int64, r rule, named time.Duration) {
	wait := int64(named)
	if blocked := q.blockedUntil > now && !q.probing; !blocked {
		q.blockedUntil = now
		if wait <= 0 {
			wait = min(q.window()/12<<min(q.refusals, 4), q.window())
			q.refusals++
		}
	}
	q.blockedUntil, q.probing = max(q.blockedUntil, now+wait), false
	if sent, others := q.used(); sent > 0 && sent+others < q.limit {
		q.limit = max(r.limit, sent+others) // it is not as high as was believed
		q.current(now).peak = 100
	}
}

// accept ends a block after the call that was sent to find out was answered.
func (q *Quota) accept() {
	if q.probing {
		q.blockedUntil, q.probing, q.refusals = 0, false, 0
	}
}
