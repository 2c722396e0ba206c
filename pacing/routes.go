package pacing

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph"
)

// target is the quota that a call draws on.
type target struct {
	kind  targetKind
	asset string // the account, or the phone number whose account it is
}

type targetKind int

const (
	uncounted targetKind = iota // by Meta; the block of the whole app holds all the same
	account
	phoneNumber
	creditLine // one quota for all credit lines of the app
)

// countedEdges are the edges of an account that draw on its quota, by method.
// https://developers.facebook.com/documentation/business-messaging/whatsapp/about-the-platform#rate-limits
var countedEdges = map[string][]string{
	"":                   {http.MethodGet},
	"/assigned_users":    {http.MethodGet, http.MethodPost, http.MethodDelete},
	"/phone_numbers":     {http.MethodGet},
	"/message_templates": {http.MethodGet, http.MethodPost, http.MethodDelete},
	"/subscribed_apps":   {http.MethodGet, http.MethodPost, http.MethodDelete},
}

// targetOf reads the target off the route. Routes that are not of this module
// are understood if they name their first placeholder as Meta's pages do.
func targetOf(call wagraph.TraceStart) target {
	name, edge, ok := strings.Cut(strings.TrimPrefix(call.Route, "/{"), "}")
	if !ok || !strings.HasPrefix(call.Route, "/{") || len(call.IDs) == 0 {
		return target{}
	}
	switch strings.ToLower(name) {
	case "waba-id", "whatsapp-business-account-id":
		if slices.Contains(countedEdges[edge], call.Method) {
			return target{kind: account, asset: call.IDs[0]}
		}
	case "phone-number-id":
		if edge == "" && call.Method == http.MethodGet {
			return target{kind: phoneNumber, asset: call.IDs[0]}
		}
	case "extended-credit-id", "allocation-config-id":
		return target{kind: creditLine}
	}
	if edge == "/extendedcredits" {
		return target{kind: creditLine}
	}
	return target{}
}
