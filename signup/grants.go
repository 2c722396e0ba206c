package signup

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Grants lists what a customer shared with the app, according to the scopes of its
// token.
type Grants struct {
	// WABAs are the accounts that any WhatsApp scope names, each once, in Meta's
	// order. Meta puts the newest first, but do not take only that one: a customer
	// that shares several WABAs means all of them.
	WABAs []graph.WABAID
	// Businesses are the portfolios that business_management names.
	Businesses []graph.BusinessID
	// Unrestricted is true when a WhatsApp scope names no account, and when WABAs
	// is empty. The token may then reach accounts that are not in WABAs: confirm a
	// claimed account by reading it, as [Client.ConfirmAccounts] does.
	Unrestricted bool
	// Scopes are the WhatsApp scopes that the token has.
	Scopes []string
}

const (
	whatsAppScopes  = "whatsapp_"
	scopeBusinesses = "business_management"
)

// Grants returns what the granular scopes say the customer shared. It takes the
// accounts of all WhatsApp scopes together and requires none of the scopes, because
// Meta has changed without notice which scope lists the accounts: in June 2026
// whatsapp_business_manage_events replaced whatsapp_business_management. The ids of
// business_management are portfolios and are never taken as accounts.
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
			g.Unrestricted = true // granted without a limit
		}
	}
	g.Unrestricted = g.Unrestricted || len(g.WABAs) == 0
	return g
}

// targets returns the ids that the scope is limited to, without invalid ones.
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

// Names reports whether the grants name the account. It is false for an account
// that only an unrestricted token may reach.
func (g Grants) Names(id graph.WABAID) bool { return slices.Contains(g.WABAs, id) }

// String returns one line that counts the grants and lists the scopes.
func (g Grants) String() string {
	return fmt.Sprintf("%d WABAs, %d businesses, scopes %s, unrestricted %t", len(g.WABAs), len(g.Businesses), strings.Join(g.Scopes, ","), g.Unrestricted)
}
