package pacing

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// charge names the quota that a call counts against.
type charge struct {
	kind  chargeKind
	asset string // the account, or the phone number whose account it is
}

type chargeKind int

const (
	notCounted    chargeKind = iota // by Meta; a block of the whole app still holds the call up
	toAccount                       // the quota of a WhatsApp Business Account
	toPhoneNumber                   // the quota of the phone number's account
	toCreditLines                   // one quota for all credit lines of the app
)

// countedEdges has the edges of an account that Meta counts, and the methods.
// https://developers.facebook.com/documentation/business-messaging/whatsapp/about-the-platform#rate-limits
var countedEdges = map[string][]string{
	"":                   {http.MethodGet},
	"/assigned_users":    {http.MethodGet, http.MethodPost, http.MethodDelete},
	"/phone_numbers":     {http.MethodGet},
	"/message_templates": {http.MethodGet, http.MethodPost, http.MethodDelete},
	"/subscribed_apps":   {http.MethodGet, http.MethodPost, http.MethodDelete},
}

// chargeOf reads from the route which quota a call counts against. It
// understands routes that are not of this module if their first placeholder has
// the name that Meta's pages use.
func chargeOf(call graph.TraceStart) charge {
	name, edge, ok := strings.Cut(strings.TrimPrefix(call.Route, "/{"), "}")
	if !ok || !strings.HasPrefix(call.Route, "/{") || len(call.IDs) == 0 {
		return charge{}
	}
	switch strings.ToLower(name) {
	case "waba-id", "whatsapp-business-account-id":
		if slices.Contains(countedEdges[edge], call.Method) {
			return charge{kind: toAccount, asset: call.IDs[0]}
		}
	case "phone-number-id":
		if edge == "" && call.Method == http.MethodGet {
			return charge{kind: toPhoneNumber, asset: call.IDs[0]}
		}
	case "extended-credit-id", "allocation-config-id":
		return charge{kind: toCreditLines}
	}
	if edge == "/extendedcredits" {
		return charge{kind: toCreditLines}
	}
	return charge{}
}

// quotaOf returns the key under which the calls of a charge are counted, and the
// rule for them. The calls on a phone number count for its account as soon as
// the account is known, and until then for the number.
func (p *Pacer) quotaOf(c charge) (string, rule) {
	r := rule{window: p.cfg.Window, limit: p.cfg.Limit, reserve: p.cfg.Reserve}
	asset := c.asset
	switch c.kind {
	case toCreditLines:
		r.limit = p.cfg.CreditLimit
		return p.key("credit"), r
	case toPhoneNumber:
		if account, ok := p.numbers.accountOf(c.asset); ok {
			asset = account
		}
	}
	return p.key(asset), r
}

// appQuota returns the key and the rule of the whole app, which has no count but
// can be blocked.
func (p *Pacer) appQuota() (string, rule) {
	return p.key("app"), rule{window: p.cfg.Window, limit: -1}
}

func (p *Pacer) key(name string) string { return p.cfg.App + "/" + name }

// maxNumbers bounds how many phone numbers a Pacer knows the account of.
const maxNumbers = 4 * defaultQuotas

// numberAccounts maps phone numbers to their accounts, which the usage headers
// name.
type numberAccounts struct {
	mu    sync.Mutex
	known recent[string]
}

func (n *numberAccounts) accountOf(number string) (string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.known.get(number)
}

// set stores the account of a number and reports whether it was not known.
func (n *numberAccounts) set(number, account string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	before, ok := n.known.get(number)
	n.known.put(number, account)
	if n.known.len() > maxNumbers {
		oldest, _, _ := n.known.oldest()
		n.known.drop(oldest)
	}
	return !ok || before != account
}

// learnAccount finds the account of a phone number in the usage header of an
// answer. The calls that wait for the number's quota then wait for the account's.
func (p *Pacer) learnAccount(number string, usage graph.Usage) {
	account := ""
	for _, load := range usage.Assets {
		if account != "" && account != load.Asset {
			return // the header names two objects, and the number can belong to either
		}
		account = load.Asset
	}
	if account != "" && account != number && p.numbers.set(number, account) {
		p.queues.wake(p.key(number), true)
	}
}
