package graphsim

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Variant is the way a client went through Embedded Signup.
type Variant string

const (
	// VariantCloud is the default flow: account and number, to be registered.
	VariantCloud Variant = ""
	// VariantCoexistence is a number that stays on the WhatsApp Business app; it is
	// registered by the flow.
	VariantCoexistence Variant = "coexistence"
	// VariantOnlyWABA ends without a number.
	VariantOnlyWABA Variant = "only_waba"
	// VariantHosted has no callback: no code, the token is fetched.
	VariantHosted Variant = "hosted"
	// VariantPreVerified claims a pre-verified number of the partner.
	VariantPreVerified Variant = "pre_verified"
)

// Drift is a way in which the permissions of a sign-up's tokens differ from what the
// guides show.
type Drift string

const (
	// DriftNone shows the scopes and target_ids of the guides.
	DriftNone Drift = ""
	// DriftManageEvents shows whatsapp_business_manage_events where
	// whatsapp_business_management was, as in June 2026; everything still works.
	DriftManageEvents Drift = "manage_events"
	// DriftNoTargets leaves target_ids out: all accounts of the client.
	DriftNoTargets Drift = "no_targets"
	// DriftEmptyTargets shows an empty list for the same.
	DriftEmptyTargets Drift = "empty_targets"
	// DriftMessagingOnly grants messaging without management: reads work, writes do not.
	DriftMessagingOnly Drift = "messaging_only"
)

// SignupSpec says how a client signs up; the zero value is a new client with one
// account and one verified number in the default flow.
type SignupSpec struct {
	BusinessID   string // an existing client; empty for a new one
	BusinessName string // of a new client; empty for a made-up name
	WABAID       string // an existing account of that client, which gets the numbers
	WABAs        int    // new accounts; 0 means one, unless WABAID is given
	Numbers      int    // numbers for each account; 0 means one
	Variant      Variant
	// TokenLifetime is how long the tokens live; zero is never, and Meta's template
	// gives 60 days. The user token of the older callback lives two hours in any case.
	TokenLifetime time.Duration
	// CodeVerification is the numbers' code_verification_status; empty is VERIFIED.
	CodeVerification string
	// NameStatus is the numbers' name_status; empty is AVAILABLE_WITHOUT_REVIEW.
	NameStatus    string
	Drift         Drift
	Currency      string // of new accounts; empty is USD
	Country       string // two letters; empty is US
	PIN           string // a two-step PIN that the numbers already have
	RedirectURI   string // the exchange must repeat it
	PreVerifiedID string // for VariantPreVerified; empty takes the first available
}

// check refuses a spec that would otherwise count as a default.
func (spec SignupSpec) check() error {
	switch {
	case spec.WABAs < 0 || spec.Numbers < 0 || spec.TokenLifetime < 0:
		return errors.New("graphsim: the counts and times of a signup cannot be negative")
	case !slices.Contains([]Variant{VariantCloud, VariantCoexistence, VariantOnlyWABA, VariantHosted, VariantPreVerified}, spec.Variant):
		return fmt.Errorf("graphsim: there is no variant %.40q", spec.Variant)
	case !slices.Contains([]Drift{DriftNone, DriftManageEvents, DriftNoTargets, DriftEmptyTargets, DriftMessagingOnly}, spec.Drift):
		return fmt.Errorf("graphsim: there is no drift %.40q", spec.Drift)
	}
	return nil
}

// Signup is what the client's browser and Meta's webhook would tell the partner.
type Signup struct {
	Code           string   `json:"code,omitempty"`         // lives 30 seconds, works once
	AccessToken    string   `json:"access_token,omitempty"` // the older callback's user token
	BusinessID     string   `json:"business_id"`
	WABAIDs        []string `json:"waba_ids"` // newest first
	PhoneNumberIDs []string `json:"phone_number_ids"`
}
