package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Progress says on stderr what a program is doing while that takes long. On a
// terminal it is one line that changes; elsewhere, in a log, it is a line every few
// seconds. It is safe for concurrent use.
type Progress struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	shown    bool      // a line stands on the terminal
	last     time.Time // when something was printed
}

// logEvery is how often Set prints a line where there is no terminal.
const logEvery = 5 * time.Second

// NewProgress makes a Progress for stderr.
func NewProgress(w io.Writer, env Env) *Progress {
	return &Progress{w: w, terminal: controllable(w, env), last: time.Now()}
}

// Set shows what goes on now.
func (p *Progress) Set(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := "... " + fmt.Sprintf(format, args...)
	if p.terminal {
		if runes := []rune(text); len(runes) >= Columns {
			text = string(runes[:Columns-1])
		}
		fmt.Fprint(p.w, "\r", text, "\x1b[K")
		p.shown = true
		return
	}
	if now := time.Now(); now.Sub(p.last) >= logEvery {
		p.last = now
		fmt.Fprint(p.w, Wrap("", "    ", text))
	}
}

// Note prints a line that stays.
func (p *Progress) Note(format string, args ...any) {
	p.Clear()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = time.Now()
	fmt.Fprint(p.w, Wrap("... ", "    ", fmt.Sprintf(format, args...)))
}

// Clear removes the line before something else is printed.
func (p *Progress) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// Wait sleeps until a moment, and says for how long and what for.
func (p *Progress) Wait(ctx context.Context, until time.Time, reason string) error {
	p.mu.Lock()
	terminal := p.terminal
	p.mu.Unlock()
	if !terminal {
		p.Note("waiting %s: %s", Duration(time.Until(until)), reason)
	}
	defer p.Clear()
	for {
		left := time.Until(until)
		if left <= 0 {
			return nil
		}
		if terminal {
			p.Set("waiting %s: %s", Duration(left), reason)
			left = min(left, time.Second)
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// Duration prints a duration in whole seconds, without units that are zero.
func Duration(d time.Duration) string {
	if d = d.Round(time.Second); d <= 0 {
		return "0s"
	}
	text := d.String()
	if cut, ok := strings.CutSuffix(text, "m0s"); ok {
		text = cut + "m"
	}
	if cut, ok := strings.CutSuffix(text, "h0m"); ok {
		text = cut + "h"
	}
	return text
}

// Plural prints a number with its noun: "1 call", "2 calls".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
