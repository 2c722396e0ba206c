package pacing

import "time"

// grant is the answer to a call that asks to be sent.
type grant struct {
	granted     bool
	probes      bool // granted alone, to find out whether the quota has a call left
	wait        time.Duration
	reason      Reason
	used, limit int
}

const (
	// freePercent is the part of the limit up to which calls are not spaced.
	freePercent = 75
	// maxSlowdown bounds how much a program slows down to leave calls for others.
	maxSlowdown = 8
	// smallShare: if a program has made less than this fraction of the calls
	// itself, it does not know when the rest will be older than the window.
	smallShare = 16
)

// take lets a call go, or says how long it has to wait behind the given number of
// calls ahead of it. A call that goes is counted at once, because it may be on
// the wire when the process dies.
func (q *Quota) take(now int64, r rule, ahead int) grant {
	q.refresh(now, r)
	if q.blockedUntil > now {
		return grant{wait: time.Duration(q.blockedUntil - now), reason: Block}
	}
	g := grant{}
	probes := q.blockedUntil != 0
	if r.limit > 0 {
		q.raiseLimit(now)
		g = q.untilFree(now, r, ahead)
		if g.reason == LimitReached && ahead == 0 && q.mayProbe() {
			if at := q.nextProbe(); probes || at < now+int64(g.wait) {
				g.wait = time.Duration(max(at-now, 0))
				probes = true
			}
		}
	}
	if ahead > 0 || g.wait > 0 {
		return g
	}
	if g.reason == LimitReached {
		q.probes++
	}
	if probes {
		// After a block, and when the limit is reached, one call goes alone:
		// several calls that are sent too early would prolong a block.
		q.probing, q.blockedUntil = true, now+q.window()/60
	}
	if r.limit > 0 {
		q.current(now).sent++
		q.lastSent = now
	}
	g.granted, g.probes = true, probes
	return g
}

// untilFree computes how long it takes until the quota has one more call left
// after those ahead.
func (q *Quota) untilFree(now int64, r rule, ahead int) grant {
	sent, others := q.used()
	used := sent + others
	most := max(q.limit-(q.limit*r.reserve+99)/100, 1)
	g := grant{used: used, limit: q.limit}
	if free := most * freePercent / 100; used+ahead >= free {
		slowdown := min(max(used/max(sent, 1), 1), maxSlowdown)
		gap := q.window() / int64(q.limit) * int64(slowdown)
		spaced := min(ahead, used+ahead-free)
		g.wait = time.Duration(max(q.lastSent+gap*int64(1+spaced)-now, 0))
		g.reason = Spacing
	}
	if over := used + ahead + 1 - most; over > 0 {
		if wait := q.freeAt(over, most) - now; wait > int64(g.wait) {
			g.wait, g.reason = time.Duration(wait), LimitReached
		}
	}
	return g
}

// freeAt returns when the oldest n calls are older than the window. If fewer
// calls are counted, the calls that are still to come must get old too.
func (q *Quota) freeAt(n, most int) int64 {
	var at int64
	for _, s := range q.slots {
		at = q.expires(s)
		if n -= int(s.sent + s.others); n <= 0 {
			return at
		}
	}
	return at + int64(n/most+1)*q.window()
}

// mayProbe reports whether it is better to send one call and read its header
// than to wait until the counted calls are older than the window. That is so
// when nearly all calls are of other programs, or of this program before it was
// restarted: only Meta knows their age. It is also so after a block, whose end
// Meta has named, unless our calls alone fill the quota.
func (q *Quota) mayProbe() bool {
	sent, others := q.used()
	if q.blockedUntil != 0 {
		return others > 0 && sent < q.limit
	}
	return others > sent*smallShare
}

// nextProbe returns when to probe: at once after a block, otherwise five minutes
// of an hour after the last header, and twice as long after each probe that
// was refused or showed a full quota.
func (q *Quota) nextProbe() int64 {
	if q.blockedUntil != 0 {
		return q.blockedUntil
	}
	return q.headerAt + q.window()/12<<min(q.probes, 4)
}
