package contract

import (
	"regexp"
	"strings"
)

// place is a placeholder for an id in a route: its name in this module, the type of
// its node in Meta's schema, and its other names.
type place struct {
	id, node string
	also     []string
}

// places has all placeholders by each of their names: the name in this module, the
// type name in the schema, and the names in the OpenAPI document, which has several
// for one kind of id. The type name of a phone number is that of the edge that lists
// it, because the schema has no file for it.
var places = spellings(
	place{"{app-id}", "Application", []string{"{Application-ID}"}},
	place{"{business-id}", "Business", []string{"{Business-ID}"}},
	place{"{waba-id}", "WhatsAppBusinessAccount", []string{"{WABA-ID}", "{WhatsApp-Business-Account-ID}"}},
	place{"{phone-number-id}", "WhatsAppBusinessAccountToNumberCurrentStatus", []string{"{Phone-Number-ID}", "{WhatsApp-Account-Number-ID}"}},
	place{"{preverified-id}", "WhatsAppBusinessPreVerifiedPhoneNumber", []string{"{Pre-Verified-Phone-Number-ID}"}},
	place{"{profile-id}", "WhatsAppBusinessProfile", []string{"{WhatsApp-Business-Profile-ID}"}},
	place{"{extended-credit-id}", "ExtendedCredit", nil},
	place{"{allocation-config-id}", "ExtendedCreditAllocationConfig", nil},
	place{"{invoice-group-id}", "ExtendedCreditInvoiceGroup", nil},
	place{"{system-user-id}", "SystemUser", nil},
	place{"{user-id}", "User", []string{"{User-ID}"}},
	place{"{solution-id}", "WhatsAppBusinessSolution", []string{"{Solution-ID}"}},
	place{"{migration-intent-id}", "WhatsAppBusinessAccountMigrationIntent", []string{"{Migration-Intent-ID}"}},
	place{"{template-id}", "WhatsAppBusinessHSM", []string{"{TEMPLATE_ID}"}},
	place{"{qr-code}", "", []string{"{QR-Code-ID}"}},
)

func spellings(all ...place) map[string]place {
	out := make(map[string]place)
	for _, at := range all {
		out[at.id] = at
		out["{"+at.node+"}"] = at
		for _, name := range at.also {
			out[name] = at
		}
	}
	return out
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// canonical returns a call's key with the placeholders of this module. An unknown
// placeholder does not change, and then no fact matches it. The node /me is the user
// that owns the token.
func canonical(call string) string {
	if method, below, ok := strings.Cut(call, " /me"); ok && (below == "" || below[0] == '/') {
		call = method + " /{user-id}" + below
	}
	return placeholder.ReplaceAllStringFunc(call, func(name string) string {
		if at, ok := places[name]; ok {
			return at.id
		}
		return name
	})
}

// nodeRead returns the type of the node that a call reads, and reports whether the
// call reads a node, such as "GET /{waba-id}".
func nodeRead(call string) (string, bool) {
	name, ok := strings.CutPrefix(call, "GET /")
	at, known := places[name]
	return at.node, ok && known && at.node != ""
}

// edgeRead returns the type of the node and the edge that a call lists, and reports
// whether the call lists an edge, such as "GET /{waba-id}/phone_numbers".
func edgeRead(call string) (node, edge string, ok bool) {
	path, get := strings.CutPrefix(call, "GET /")
	name, edge, below := strings.Cut(path, "/")
	at, known := places[name]
	return at.node, edge, get && below && known && at.node != ""
}
