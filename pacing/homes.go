package pacing

import (
	"context"
	"sync"

	"github.com/seed-8fdceacd/wagraph"
)

// maxHomes bounds how many phone numbers a Pacer knows the account of.
const maxHomes = 4 * DefaultLedgers

// homes knows the accounts of phone numbers, from the headers of answers.
type homes struct {
	mu    sync.Mutex
	known recent[string]
}

func (h *homes) of(phone string) (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.known.get(phone)
}

// set reports whether that is news.
func (h *homes) set(phone, waba string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	before, ok := h.known.get(phone)
	h.known.put(phone, waba)
	if h.known.len() > maxHomes {
		oldest, _, _ := h.known.oldest()
		h.known.drop(oldest)
	}
	return !ok || before != waba
}

// learnHome finds the account of a phone number in the answer of a call on it,
// and counts there what was counted on the number so far.
func (p *Pacer) learnHome(ctx context.Context, phone string, usage wagraph.Usage) {
	waba := ""
	for _, load := range usage.Assets {
		if waba != "" && waba != load.Asset {
			return // more than one: no telling which is the number's
		}
		waba = load.Asset
	}
	if waba == "" || waba == phone || !p.homes.set(phone, waba) {
		return
	}
	var moved Ledger
	if err := p.budget.Update(ctx, p.key(phone), func(l *Ledger) {
		moved, *l = *l, Ledger{}
	}); err != nil {
		return
	}
	p.note(ctx, p.key(waba), func(l *Ledger, _ int64) { l.absorb(&moved) })
	p.lines.nudge(p.key(phone), true) // they wait in the wrong line now
}
