package signup

import (
	"context"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Tenant is the BSP's own name for one of its customers. Every record and every
// secret belongs to one tenant, and is found only under that tenant.
type Tenant string

// Claim lists the assets that a browser or a webhook named for a signup. Nothing
// in it is confirmed: [Client.ConfirmAccounts] compares it with the grants.
type Claim struct {
	Business graph.BusinessID      `json:"business,omitempty"`
	WABAs    []graph.WABAID        `json:"wabas,omitempty"`
	Numbers  []graph.PhoneNumberID `json:"numbers,omitempty"`
	// PreVerified are phone numbers, in any format, that the partner verified in
	// advance and offered in the popup. The customer's number gets a new id, so
	// it is found by its digits.
	PreVerified []string         `json:"preverified,omitempty"`
	Solution    graph.SolutionID `json:"solution,omitempty"`
}

// Variant is the kind of signup.
type Variant string

// The variants. popup.Event has a method that returns the variant of an event.
const (
	// VariantCloud brings a number that has to be registered.
	VariantCloud Variant = "cloud"
	// VariantCoexistence brings a number of the WhatsApp Business app. It is
	// registered already, and its history can be synchronised for 24 hours.
	VariantCoexistence Variant = "coexistence"
	// VariantOnlyWABA brings a WABA without a number.
	VariantOnlyWABA Variant = "only_waba"
	// VariantPreVerified brings a number that the partner verified in advance.
	// There are 90 days to register it, instead of 14.
	VariantPreVerified Variant = "pre_verified"
	// VariantHosted has no code: it begins with a PARTNER_ADDED webhook.
	VariantHosted Variant = "hosted"
	// VariantOnPremises ends with a certificate to download. The On-Premises
	// client registers the numbers.
	VariantOnPremises Variant = "on_premises"
	// VariantAdopted is a customer that the BSP had before it used this module.
	VariantAdopted Variant = "adopted"
)

// Token is a customer's access token. It is a graph.TokenSource:
// client.As(token) makes a client that calls with it.
type Token struct {
	Access graph.Secret
	// Expires is zero for a token that does not expire, and when Meta's answer
	// did not say when it expires.
	Expires time.Time
	// User is true for the token of a person, which the older login callback
	// hands over. It lives for hours; after the signup the partner works with its
	// own system user.
	User bool
}

// Token returns the token in the form that a graph.Client takes.
func (t Token) Token(ctx context.Context) (*oauth2.Token, error) {
	return graph.SecretToken(t.Access).Token(ctx)
}
