package crash

import (
	"errors"
	"fmt"
	"sync"
)

// ErrDead is what a dead process would see if it saw anything.
var ErrDead = errors.New("crash: the process is dead")

// Points numbers what a process does, and ends it at one point. It is safe for
// concurrent use.
type Points struct {
	when func(point string, index int) bool
	die  func()

	mu    sync.Mutex
	count map[string]int
	names []string
	dead  bool
}

// New makes Points that call die at the first point that when chooses; index
// counts the points from 0. A die that returns leaves a process that can do
// nothing any more.
func New(when func(point string, index int) bool, die func()) *Points {
	return &Points{when: when, die: die, count: map[string]int{}}
}

// At chooses the point of that name; no point has the empty name.
func At(name string) func(string, int) bool {
	return func(point string, _ int) bool { return point == name }
}

// Names lists the points that were reached, in order.
func (p *Points) Names() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.names...)
}

// Dead reports whether the chosen point was reached.
func (p *Points) Dead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// alive is ErrDead in a dead process.
func (p *Points) alive() error {
	if p.Dead() {
		return ErrDead
	}
	return nil
}

// begin numbers an operation.
func (p *Points) begin(operation string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count[operation]++
	return fmt.Sprintf("%s #%d", operation, p.count[operation])
}

// pass goes through a point, or ends the process there.
func (p *Points) pass(operation, phase string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return ErrDead
	}
	name := operation + " " + phase
	p.names = append(p.names, name)
	if !p.when(name, len(p.names)-1) {
		return nil
	}
	// No other goroutine passes a point in the meantime.
	p.dead = true
	p.die()
	return ErrDead
}

// around does a write between its two points.
func (p *Points) around(operation string, write func() error) error {
	operation = p.begin(operation)
	if err := p.pass(operation, "before"); err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	return p.pass(operation, "after")
}
