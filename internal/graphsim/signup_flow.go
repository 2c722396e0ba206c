package graphsim

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Variant is the way in which a client went through Embedded Signup.
type Variant string

const (
	// VariantCloud is the default flow: an account and a number that is not registered
	// yet.
	VariantCloud Variant = ""
	// VariantCoexistence is a number that the client also uses in the WhatsApp Business
	// app. The flow registers it.
	VariantCoexistence Variant = "coexistence"
	// VariantOnlyWABA ends without a number.
	VariantOnlyWABA Variant = "only_waba"
	// VariantHosted has no callback and no code; the partner fetches the token.
	VariantHosted Variant = "hosted"
	// VariantPreVerified takes a pre-verified number of the partner.
	VariantPreVerified Variant = "pre_verified"
)

// Drift is a way in which the permissions of a client's tokens differ from Meta's
// guides.
type Drift string

const (
	// DriftNone shows the scopes and target_ids of the guides.
	DriftNone Drift = ""
	// DriftManageEvents shows whatsapp_business_manage_events in place of
	// whatsapp_business_management, as Meta did in June 2026. All calls still work.
	DriftManageEvents Drift = "manage_events"
	// DriftNoTargets leaves target_ids out, which means all accounts of the client.
	DriftNoTargets Drift = "no_targets"
	// DriftEmptyTargets shows an empty list, which means all accounts of the client.
	DriftEmptyTargets Drift = "empty_targets"
	// DriftMessagingOnly grants messaging without management: reads work, writes fail.
	DriftMessagingOnly Drift = "messaging_only"
)

// SignupSpec describes a client that signs up. The zero value is a new client with one
// account and one verified number in the default flow.
type SignupSpec struct {
	BusinessID   string // an existing client; empty for a new one
	BusinessName string // of a new client; empty for a made-up name
	WABAID       string // an existing account of that client, which gets the numbers
	WABAs        int    // new accounts; 0 means one, unless WABAID is given
	Numbers      int    // numbers for each account; 0 means one
	Variant      Variant
	// TokenLifetime is how long the tokens are valid. Zero means forever; Meta's
	// template gives 60 days. The user token of the older callback is always valid for
	// two hours.
	TokenLifetime time.Duration
	// CodeVerification is the numbers' code_verification_status; empty is VERIFIED.
	CodeVerification string
	// NameStatus is the numbers' name_status; empty is AVAILABLE_WITHOUT_REVIEW.
	NameStatus    string
	Drift         Drift
	Currency      string // of new accounts; empty is USD
	Country       string // two letters; empty is US
	PIN           string // a two-step PIN that the numbers already have
	RedirectURI   string // has to be repeated in the exchange
	PreVerifiedID string // for VariantPreVerified; empty takes the first available
}

// check refuses a wrong value that would otherwise count as a default.
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

// Signup is what the client's browser and Meta's webhook tell the partner.
type Signup struct {
	Code           string   `json:"code,omitempty"`         // valid for 30 seconds, works once
	AccessToken    string   `json:"access_token,omitempty"` // the older callback's user token
	BusinessID     string   `json:"business_id"`
	WABAIDs        []string `json:"waba_ids"` // newest first
	PhoneNumberIDs []string `json:"phone_number_ids"`
}
