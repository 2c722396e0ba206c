package pacing

import "time"

// slotsPerWindow is how finely a window is cut: half minutes of an hour. A call
// counts until its whole slot has left the window, which costs less than one
// percent of the quota and keeps a ledger small.
const slotsPerWindow = 120

// Ledger is what a [Budget] keeps for one quota: how many calls were let go and
// when, what the usage headers said of others, and until when Meta blocks. Its
// zero value is a quota nobody has used. A Budget stores it with
// [Ledger.MarshalBinary] and has no need to look inside.
type Ledger struct {
	width   int64 // of a slot, in nanoseconds; 0 before first use
	limit   int   // calls per window, as far as they are proved
	last    int64 // when the last call was let go; times are Unix nanoseconds
	blocked int64 // no call before this
	probing bool  // blocked only while one call finds out whether the block is over
	strikes int   // throttles in a row for which Meta named no wait
	read    int64 // when a usage header was last read
	looks   int   // calls sent in vain to see whether others still fill the quota
	slots   []slot
}

// slot counts the calls of one stretch of time.
type slot struct {
	index   int64 // of time, in slot widths
	own     int32 // let go here, by everyone who shares the ledger
	heard   int32 // those of them whose answer carried a usage header
	foreign int32 // of other programs, as far as headers show them
	peak    int32 // the highest percentage of calls that those headers said
}

// window is the time in which a quota is counted.
func (l *Ledger) window() int64 { return slotsPerWindow * l.width }

// leaves is when the last call of a slot no longer counts.
func (l *Ledger) leaves(s slot) int64 { return (s.index+1)*l.width + l.window() }

// Idle tells whether the ledger says nothing any more, so that a Budget may
// forget it: what it counted has left the window, and no block is running. What
// it learned about the limit goes with it and is learned again.
func (l *Ledger) Idle(now time.Time) bool {
	at := now.UnixNano()
	return l.blocked <= at && (len(l.slots) == 0 || l.leaves(l.slots[len(l.slots)-1]) <= at)
}

// open brings the ledger up to date before it is used under a quota.
func (l *Ledger) open(now int64, q quota) {
	if width := int64(q.window) / slotsPerWindow; l.width != width {
		*l = Ledger{width: width, blocked: l.blocked, strikes: l.strikes}
	}
	gone := 0
	for gone < len(l.slots) && l.leaves(l.slots[gone]) <= now {
		gone++
	}
	l.slots = l.slots[:copy(l.slots, l.slots[gone:])]
	l.mendClock(now)
	if l.limit == 0 || len(l.slots) == 0 {
		l.limit = q.limit
	}
}

// mendClock dates to now what the ledger has in the future, once a clock was set
// back; else it would stay for as long as the clock was ahead. Two slots are
// left to machines that do not quite agree.
func (l *Ledger) mendClock(now int64) {
	l.last, l.read = min(l.last, now), min(l.read, now)
	index := now / l.width
	for n := len(l.slots); n > 0 && l.slots[n-1].index > index+2; n = len(l.slots) {
		ahead := l.slots[n-1]
		ahead.index = index
		l.slots = mergeSlots(l.slots[:n-1], []slot{ahead})
	}
}

// current is the slot of now. A clock that is behind, after a step or on
// another machine, counts into the newest slot there is: too late is safe.
func (l *Ledger) current(now int64) *slot {
	index := now / l.width
	if n := len(l.slots); n == 0 || l.slots[n-1].index < index {
		l.slots = append(l.slots, slot{index: index})
	}
	return &l.slots[len(l.slots)-1]
}

// used sums up the window.
func (l *Ledger) used() (own, foreign int) {
	for _, s := range l.slots {
		own += int(s.own)
		foreign += int(s.foreign)
	}
	return own, foreign
}

// answered dates a call that began at start to now: Meta counted it somewhere
// between the two, and the later time is the safe one. An op of a batch can be
// let go long before the batch is sent.
func (l *Ledger) answered(start, now int64) *slot {
	index := start / l.width
	for i := len(l.slots) - 1; i >= 0; i-- {
		if s := &l.slots[i]; s.index <= index && s.own > s.heard {
			s.own--
			break
		}
	}
	s := l.current(now)
	s.own++
	return s
}

// absorb adds what another ledger counted: the calls on a phone number, once
// its account is known.
func (l *Ledger) absorb(other *Ledger) {
	if l.width == 0 {
		l.width = other.width
	}
	if l.width == other.width {
		l.slots = mergeSlots(l.slots, other.slots)
	}
	l.last = max(l.last, other.last)
	if other.blocked > l.blocked {
		l.blocked, l.probing = other.blocked, other.probing
	}
	l.strikes = max(l.strikes, other.strikes)
}

func mergeSlots(a, b []slot) []slot {
	merged := make([]slot, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].index < b[0].index:
			merged, a = append(merged, a[0]), a[1:]
		case len(a) == 0 || b[0].index < a[0].index:
			merged, b = append(merged, b[0]), b[1:]
		default:
			s := a[0]
			s.own, s.heard, s.foreign = s.own+b[0].own, s.heard+b[0].heard, s.foreign+b[0].foreign
			s.peak = max(s.peak, b[0].peak)
			merged, a, b = append(merged, s), a[1:], b[1:]
		}
	}
	return merged
}
