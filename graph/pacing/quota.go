package pacing

import "time"

// slotsPerWindow is how many slots a window has: one for each half minute of an
// hour. A call counts until its whole slot is older than the window. That costs
// less than one percent of the quota and keeps a Quota small.
const slotsPerWindow = 120

// Quota is what a [Budget] stores for one quota: how many calls were let go and
// when, what the usage headers said about other programs, and until when Meta
// blocks. Its zero value is a quota that nothing has used. A Budget stores it
// with [Quota.MarshalBinary] and does not have to look inside.
type Quota struct {
	slotWidth    int64 // in nanoseconds; 0 before the first use
	limit        int   // calls in a window: assumed, or proved by headers
	lastSent     int64 // when the last call was let go; times are Unix nanoseconds
	blockedUntil int64 // no call before this
	probing      bool  // blocked only while one call finds out whether the block is over
	refusals     int   // throttles in a row for which Meta named no wait
	headerAt     int64 // when the last usage header was read
	probes       int   // calls that were sent although the limit was reached, without success
	slots        []slot
}

// slot counts the calls of one stretch of time.
type slot struct {
	index     int64 // of time, in slot widths
	sent      int32 // let go by the Pacers of this Budget
	confirmed int32 // those of sent whose answer had a usage header
	others    int32 // of other programs, as far as headers show
	peak      int32 // the highest percentage of calls in those headers
}

// rule is what the configuration says about a quota.
type rule struct {
	window  time.Duration
	limit   int // calls in a window until headers prove more; negative if calls are not counted
	reserve int // percent of the limit that are left unused
}

// window is the time over which calls are counted.
func (q *Quota) window() int64 { return slotsPerWindow * q.slotWidth }

// expires is when the last call of a slot is older than the window.
func (q *Quota) expires(s slot) int64 { return (s.index+1)*q.slotWidth + q.window() }

// Idle reports whether the Quota says nothing any more, so that a Budget may
// delete it: every counted call is older than the window, and Meta does not
// block. The limit that was learned is lost, and is learned again.
func (q *Quota) Idle(now time.Time) bool {
	if q == nil {
		return true
	}
	at := now.UnixNano()
	return q.blockedUntil <= at && (len(q.slots) == 0 || q.expires(q.slots[len(q.slots)-1]) <= at)
}

// refresh removes what is older than the window. It comes before each use.
func (q *Quota) refresh(now int64, r rule) {
	if width := int64(r.window) / slotsPerWindow; q.slotWidth != width {
		*q = Quota{slotWidth: width, blockedUntil: q.blockedUntil, refusals: q.refusals}
	}
	expired := 0
	for expired < len(q.slots) && q.expires(q.slots[expired]) <= now {
		expired++
	}
	q.slots = q.slots[:copy(q.slots, q.slots[expired:])]
	q.correctClock(now)
	if q.limit == 0 || len(q.slots) == 0 {
		q.limit = r.limit
	}
}

// correctClock dates to now what was counted in the future, after the clock was
// set back. Otherwise it would count for as long as the clock was ahead. Two
// slots are allowed for machines whose clocks do not quite agree.
func (q *Quota) correctClock(now int64) {
	q.lastSent, q.headerAt = min(q.lastSent, now), min(q.headerAt, now)
	var future slot
	n := len(q.slots)
	for n > 0 && q.slots[n-1].index > now/q.slotWidth+2 {
		n--
		future.add(q.slots[n])
	}
	if n < len(q.slots) {
		q.slots = q.slots[:n]
		q.current(now).add(future)
	}
}

func (s *slot) add(other slot) {
	s.sent += other.sent
	s.confirmed += other.confirmed
	s.others += other.others
	s.peak = max(s.peak, other.peak)
}

// current returns the slot of now. A clock that is behind, on another machine or
// after a correction, counts into the newest slot: to count a call too late is
// safe.
func (q *Quota) current(now int64) *slot {
	index := now / q.slotWidth
	if n := len(q.slots); n == 0 || q.slots[n-1].index < index {
		q.slots = append(q.slots, slot{index: index})
	}
	return &q.slots[len(q.slots)-1]
}

// used returns the counts of the window.
func (q *Quota) used() (sent, others int) {
	for _, s := range q.slots {
		sent += int(s.sent)
		others += int(s.others)
	}
	return sent, others
}

// answered dates a call that began at start to now. Meta counted it at some time
// between the two, and the later one is safe. An op of a batch can be let go long
// before the batch is sent. A call that was let go under another quota, because
// the account of its phone number was not known, is counted here now.
func (q *Quota) answered(start, now int64) *slot {
	index := start / q.slotWidth
	for i := len(q.slots) - 1; i >= 0; i-- {
		if s := &q.slots[i]; s.index <= index && s.sent > s.confirmed {
			s.sent--
			break
		}
	}
	s := q.current(now)
	s.sent++
	return s
}
