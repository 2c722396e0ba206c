package signup

import (
	"fmt"
	"github.com/seed-8fdceacd/wagraph/graph"
	"slices"
	"strings"
)

// Grants is what a client shared with the app, as far as its token's scopes
// tell.
type Grants struct {
	// WABAs are the accounts that any WhatsApp scope names, each once, in
	// Meta's order. Meta puts the newest first; do not build on it: a client
	// that shares several WABAs means all of them.
	WABAs []graph.WABAID
	// Businesses are the portfolios that business_management names.
	Businesses []graph.BusinessID
	// Unrestricted is true when a WhatsApp scope names no account, and when
	// there is no account in WABAs at all. The token may then reach accounts
	// that are not in WABAs: confirm a claimed one by reading it, as
	// [Client.ConfirmAccounts] does.
	Unrestricted bool
	// Scopes are the WhatsApp scopes that the token has.
	Scopes []string
}

const (
	whatsAppScopes  = "whatsapp_"
	scopeBusinesses = "business_management"
)

// Grants reads the granular scopes. Which WhatsApp scope carries the accounts
// has changed without notice (in June 2026 whatsapp_business_manage_events
// stood where whatsapp_business_management had been), so the union of all of
// them counts, and no scope has to be there. The ids of business_management are
// portfolios, and never taken for accounts.
func (i TokenInfo) Grants() Grants {
	var g Grants
	for _, scope := range i.GranularScopes {
		switch {
		case scope.Scope == scopeBusinesses:
			for _, id := range scope.targets() {
				g.Businesses = appendNew(g.Businesses, graph.BusinessID(id))
			}
		case strings.HasPrefix(scope.Scope, whatsAppScopes):
			targets := scope.targets()
			g.Scopes = appendNew(g.Scopes, scope.Scope)
			g.Unrestricted = g.Unrestricted || len(targets) == 0
			for _, id := range targets {
				g.WABAs = appendNew(g.WABAs, graph.WABAID(id))
			}
		}
	}
	for _, scope := range i.Scopes {
		if strings.HasPrefix(scope, whatsAppScopes) && !slices.Contains(g.Scopes, scope) {
			g.Scopes = append(g.Scopes, scope)
			g.Unrestricted = true // granted, and limited to nothing
		}
	}
	g.Unrestricted = g.Unrestricted || len(g.WABAs) == 0
	return g
}

// targets are the ids that the scope is limited to, without what is no id.
func (s GranularScope) targets() []TargetID {
	return slices.DeleteFunc(slices.Clone(s.TargetIDs), func(id TargetID) bool {
		return graph.CheckID("target id", id) != nil
	})
}

func appendNew[T comparable](list []T, item T) []T {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}

// Names tells whether the grants name the account.
func (g Grants) Names(id graph.WABAID) bool { return slices.Contains(g.WABAs, id) }

// String says in a line what was granted.
func (g Grants) String() string {
	return fmt.Sprintf("%d WABAs, %d businesses, scopes %s, unrestricted %t", len(g.WABAs), len(g.Businesses), strings.Join(g.Scopes, ","), g.Unrestricted)
}
