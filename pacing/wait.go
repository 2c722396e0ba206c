package pacing

import (
	"slices"
	"sync"
)

// queues has the callers who wait, one line for each key. Only the first of a
// line asks the budget and sleeps; the others are woken when they move up. So
// they go in the order in which they came, whatever each of them waits for.
type queues struct {
	mu    sync.Mutex
	lines map[string][]*waiter
}

// waiter is one caller in a line.
type waiter struct {
	wake chan struct{} // holds one: to look again
}

func (w *waiter) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// busy tells whether anybody waits, so that nobody goes past them.
func (q *queues) busy(key string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.lines[key]) > 0
}

// join puts a caller at the end of the line.
func (q *queues) join(key string) *waiter {
	w := &waiter{wake: make(chan struct{}, 1)}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.lines == nil {
		q.lines = map[string][]*waiter{}
	}
	q.lines[key] = append(q.lines[key], w)
	return w
}

// ahead is how many callers are in front; a nil waiter has none.
func (q *queues) ahead(key string, w *waiter) int {
	if w == nil {
		return 0
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return max(slices.Index(q.lines[key], w), 0)
}

// leave takes a caller out of the line, and has the next one look if the first
// left.
func (q *queues) leave(key string, w *waiter) {
	if w == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.lines[key]
	at := slices.Index(line, w)
	if at < 0 {
		return
	}
	line = slices.Delete(line, at, at+1)
	if len(line) == 0 {
		delete(q.lines, key)
		return
	}
	q.lines[key] = line
	if at == 0 {
		line[0].nudge()
	}
}

// nudge has the first of the line look again, or all of them.
func (q *queues) nudge(key string, all bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.lines[key]
	if !all && len(line) > 1 {
		line = line[:1]
	}
	for _, w := range line {
		w.nudge()
	}
}
