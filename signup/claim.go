package signup

import "github.com/seed-8fdceacd/wagraph/graph"

// Tenant names the BSP's customer in the BSP's own terms. Every record and
// every secret belongs to one, and is found under no other.
type Tenant string

// Claim is what was said, but not confirmed, about a signup.
type Claim struct {
	Business graph.BusinessID      `json:"business,omitempty"`
	WABAs    []graph.WABAID        `json:"wabas,omitempty"`
	Numbers  []graph.PhoneNumberID `json:"numbers,omitempty"`
	// PreVerified are phone numbers, in any format, that the partner verified in
	// advance and offered in the popup. The client's number has an id of its own,
	// which is looked up by its digits.
	PreVerified []string         `json:"preverified,omitempty"`
	Solution    graph.SolutionID `json:"solution,omitempty"`
}

// Variant is the kind of signup.
type Variant string

// The variants. Which one a browser event means is read by ParseEvent.
const (
	// VariantCloud brings a number that has to be registered.
	VariantCloud Variant = "cloud"
	// VariantCoexistence brings a number of the Business app, registered
	// already; its history can be synchronised for 24 hours.
	VariantCoexistence Variant = "coexistence"
	// VariantOnlyWABA brings an account without a number.
	VariantOnlyWABA Variant = "only_waba"
	// VariantPreVerified brings a number that the partner verified in advance:
	// there are 90 days to register it, instead of 14.
	VariantPreVerified Variant = "pre_verified"
	// VariantHosted has no code: it begins with a PARTNER_ADDED webhook.
	VariantHosted Variant = "hosted"
	// VariantOnPremises stops at a certificate that is ready: its numbers are
	// registered by the On-Premises client.
	VariantOnPremises Variant = "on_premises"
	// VariantAdopted takes in a client that the BSP had before.
	VariantAdopted Variant = "adopted"
)
