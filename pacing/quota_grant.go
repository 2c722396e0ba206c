package pacing

import "time"

// quota is the rule that a ledger is kept by.
type quota struct {
	window  time.Duration
	limit   int // calls per window to begin with; negative: not counted, only blocked
	floor   int // the limit is never put lower
	reserve int // percent of the limit that are left unused
}

// Reason says what a call waits for.
type Reason string

// The reasons.
const (
	// Spacing: the quota is nearly used, so the rest of it is spread out.
	Spacing Reason = "spacing"
	// Wall: the quota is used; the wait is for the oldest calls to leave the hour.
	Wall Reason = "wall"
	// Block: Meta throttled, or said that it would.
	Block Reason = "block"
)

// turn is the answer to a caller who wants to go.
type turn struct {
	granted     bool
	alone       bool // granted to find out whether a block is over
	wait        time.Duration
	reason      Reason
	used, limit int
}

const (
	// freeShare is the percentage of the limit up to which calls are not spaced.
	freeShare = 75
	// maxShare bounds how much slower one goes for the sake of others.
	maxShare = 8
	// ownTrifle: with less than this fraction of the load its own, a program
	// does not know when the rest of it will leave the window.
	ownTrifle = 16
)

// take lets a call go, or says how long it has to wait with that many callers
// ahead of it. A call that goes is counted at once: it may be on the wire when
// the process dies.
func (l *Ledger) take(now int64, q quota, ahead int) turn {
	l.open(now, q)
	if l.blocked > now {
		return turn{wait: time.Duration(l.blocked - now), reason: Block}
	}
	t := turn{}
	alone := l.blocked != 0
	if q.limit > 0 {
		l.prove(now)
		t = l.room(now, q, ahead)
		if t.reason == Wall && ahead == 0 && l.mayLook() {
			if look := l.nextLook(); alone || look < now+int64(t.wait) {
				t.wait = time.Duration(max(look-now, 0))
				alone = true
			}
		}
	}
	if ahead > 0 || t.wait > 0 {
		return t
	}
	if t.reason == Wall {
		l.looks++
	}
	if alone {
		// The first call after a block, or in spite of a wall, goes alone: more
		// of them, sent too early, would prolong a block.
		l.probing, l.blocked = true, now+l.window()/60
	}
	if q.limit > 0 {
		l.current(now).own++
		l.last = now
	}
	t.granted, t.alone = true, alone
	return t
}

// room is how long it takes until the quota has room for one more call after
// those ahead.
func (l *Ledger) room(now int64, q quota, ahead int) turn {
	own, foreign := l.used()
	used := own + foreign
	wall := max(l.limit-(l.limit*q.reserve+99)/100, 1)
	t := turn{used: used, limit: l.limit}
	if free := wall * freeShare / 100; used+ahead >= free {
		share := min(max(used/max(own, 1), 1), maxShare)
		gap := l.window() / int64(l.limit) * int64(share)
		spaced := min(ahead, used+ahead-free)
		t.wait = time.Duration(max(l.last+gap*int64(1+spaced)-now, 0))
		t.reason = Spacing
	}
	if over := used + ahead + 1 - wall; over > 0 {
		if wait := l.until(over, wall) - now; wait > int64(t.wait) {
			t.wait, t.reason = time.Duration(wait), Wall
		}
	}
	return t
}

// until is when the oldest n calls have left the window. Beyond those counted,
// it is the calls to come that have to leave.
func (l *Ledger) until(n, wall int) int64 {
	var at int64
	for _, s := range l.slots {
		at = l.leaves(s)
		if n -= int(s.own + s.foreign); n <= 0 {
			return at
		}
	}
	return at + int64(n/wall+1)*l.window()
}

// mayLook tells whether it is better to look again than to wait for the wall:
// when nearly all of the load is of other programs, or of this one before it
// was restarted, only Meta knows when it leaves the window. After a block Meta
// said so itself, unless it is for our own calls that there is no room.
func (l *Ledger) mayLook() bool {
	own, foreign := l.used()
	if l.blocked != 0 {
		return foreign > 0 && own < l.limit
	}
	return foreign > own*ownTrifle
}

// nextLook is now after a block; otherwise five minutes of an hour after the
// last header, and twice as long after each look in vain.
func (l *Ledger) nextLook() int64 {
	if l.blocked != 0 {
		return l.blocked
	}
	return l.read + l.window()/12<<min(l.looks, 4)
}
