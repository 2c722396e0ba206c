package pairs

import (
	"net/http"
	"slices"

	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// routeNumbers is a read that each onboarding makes of each WABA before it changes
// anything, and again at its end.
const routeNumbers = "/{waba-id}/phone_numbers"

// Overlaps reports whether both onboardings had begun to read the client before either
// of them began to change it. calls are those of the server. Pairs with
// one record, and those that offboard, have no such order: compare when their calls
// began and ended.
func (p Pair) Overlaps(calls []graphtest.Call) bool {
	var reads []int
	firstWrite := 0
	for _, call := range calls {
		if !p.about(call) {
			continue
		}
		switch {
		case call.Method == http.MethodGet && call.Route == routeNumbers:
			reads = append(reads, call.Began)
		case call.Method != http.MethodGet && call.Effect && (firstWrite == 0 || call.Began < firstWrite):
			firstWrite = call.Began
		}
	}
	slices.Sort(reads)
	return len(reads) >= 2 && firstWrite > 0 && reads[1] < firstWrite
}

// about reports whether a call names a WABA or a number of the client.
func (p Pair) about(call graphtest.Call) bool {
	for _, id := range call.IDs {
		for _, waba := range p.WABAs {
			if id == string(waba) {
				return true
			}
		}
		for _, number := range p.Numbers {
			if id == string(number) {
				return true
			}
		}
	}
	return false
}
