package pacing

import (
	"slices"
	"time"
)

// hear takes in what the usage header of an answer says, in percent: calls of
// the calls alone, load of whichever of calls and processing time is higher.
func (l *Ledger) hear(now int64, q quota, s *slot, calls, load int) {
	s.heard++
	l.note(now, q, s, calls, load)
}

// note takes in a header that came with somebody else's answer.
func (l *Ledger) note(now int64, q quota, s *slot, calls, load int) {
	s.peak = max(s.peak, int32(min(calls, 100)))
	l.read = now
	l.prove(now)
	l.doubt(q, calls)
	l.attribute(now, load)
	if own, foreign := l.used(); own+foreign < l.limit*freeShare/100 {
		l.looks = 0
	}
}

// prove raises the limit to what the headers prove. Of any n calls, one was
// counted last, and its header put a usage of n or more at p percent or less,
// where p is the highest that any of them said: so the limit is above
// 100n/(p+1), whatever the order in which the answers came. Two margins keep
// that sound: the youngest calls are left out, because Meta's counters may lag
// behind, and so are the oldest, because its window may be coarser than ours.
func (l *Ledger) prove(now int64) {
	newest := now/l.width - 2
	oldest := (now - l.window()*9/10) / l.width
	n, peak := 0, 0
	for _, s := range slices.Backward(l.slots) {
		peak = max(peak, int(s.peak))
		if s.index < oldest || peak >= 100 { // 100 may stand for more than 100
			return
		}
		if s.index <= newest {
			n += int(s.heard)
		}
		if n > 0 {
			l.limit = max(l.limit, 100*n/(peak+1)+1)
		}
	}
}

// doubt lowers the limit when the header puts it at less than half, as it does
// when an account's only registered number is gone. Others may be calling
// instead; then the limit is our share of theirs, and going by that is as good.
func (l *Ledger) doubt(q quota, calls int) {
	own, _ := l.used()
	if calls < 4 || 2*100*own >= calls*l.limit { // small percentages say little
		return
	}
	l.limit = max(q.floor, 100*own/calls+1)
}

// attribute explains the load by others, as far as our own calls do not. What
// they add is dated to now, the latest that it can have been; what they lost is
// taken from the oldest. Calls of ours that are still under way make the
// difference between the two bounds.
func (l *Ledger) attribute(now int64, load int) {
	own, foreign := l.used()
	least := (load*l.limit+99)/100 - own
	if least > foreign {
		l.current(now).foreign += int32(least - foreign)
		return
	}
	if load >= 100 {
		return
	}
	most := ((load+1)*l.limit+99)/100 - 1 - l.surelyCounted(now)
	for i := range l.slots {
		if foreign <= max(most, 0) {
			return
		}
		s := &l.slots[i]
		n := min(int(s.foreign), foreign-max(most, 0))
		s.foreign -= int32(n)
		foreign -= n
	}
}

// surelyCounted is how many calls were answered and are well within the window.
func (l *Ledger) surelyCounted(now int64) int {
	n := 0
	for _, s := range l.slots {
		if s.index*l.width > now-l.window()*9/10 {
			n += int(s.heard)
		}
	}
	return n
}

// refuse takes in a throttle: no call until the wait that Meta named is over.
// Where it named none, five minutes of an hour, and twice as long each time up
// to a whole one; calls that were under way together count once.
func (l *Ledger) refuse(now int64, q quota, named time.Duration) {
	standing := l.blocked > now && !l.probing
	wait := int64(named)
	if !standing {
		l.blocked = now
		if wait <= 0 {
			wait = min(l.window()/12<<min(l.strikes, 4), l.window())
			l.strikes++
		}
	}
	l.blocked, l.probing = max(l.blocked, now+wait), false
	if own, foreign := l.used(); own > 0 && own+foreign < l.limit {
		// Refused short of the limit: it is not what we took it for.
		l.limit = max(q.floor, own+foreign)
		l.current(now).peak = 100
	}
}

// accept ends a block after the call that was sent to find out came through.
func (l *Ledger) accept() {
	if l.probing {
		l.blocked, l.probing, l.strikes = 0, false, 0
	}
}
