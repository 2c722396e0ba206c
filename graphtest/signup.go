package graphtest

import (
	"time"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// Variant is how a client goes through Embedded Signup.
type Variant string

// The variants.
const (
	Cloud       Variant = Variant(graphsim.VariantCloud)       // an account and a number to be registered
	Coexistence Variant = Variant(graphsim.VariantCoexistence) // a number of the Business app, registered by the flow
	OnlyWABA    Variant = Variant(graphsim.VariantOnlyWABA)    // no number
	Hosted      Variant = Variant(graphsim.VariantHosted)      // no code: the token is fetched
	PreVerified Variant = Variant(graphsim.VariantPreVerified) // claims the partner's pre-verified number
)

// Drift is how the scopes of a signup's token differ from Meta's guides.
type Drift string

// The drifts, all of them seen in the wild or documented somewhere.
const (
	NoDrift       Drift = Drift(graphsim.DriftNone)
	ManageEvents  Drift = Drift(graphsim.DriftManageEvents)  // whatsapp_business_manage_events instead of management
	NoTargets     Drift = Drift(graphsim.DriftNoTargets)     // target_ids left out: all accounts
	EmptyTargets  Drift = Drift(graphsim.DriftEmptyTargets)  // an empty list for the same
	MessagingOnly Drift = Drift(graphsim.DriftMessagingOnly) // no management: reads work, writes do not
)

// Signup describes a client that goes through Embedded Signup. The zero value is
// a new client with one account and one verified number.
type Signup struct {
	// Business is an existing client's, and WABA an account of it that gets the
	// numbers.
	Business wagraph.BusinessID
	WABA     wagraph.WABAID
	// Name is the name of a new client.
	Name string
	// WABAs is how many new accounts are made, Numbers how many numbers each
	// of them gets; 0 means one.
	WABAs, Numbers int
	Variant        Variant
	Drift          Drift
	// TokenLifetime is how long the business token lives; 0 means for ever.
	TokenLifetime time.Duration
	// CodeVerification and NameStatus are the numbers'; empty means VERIFIED
	// and AVAILABLE_WITHOUT_REVIEW.
	CodeVerification, NameStatus string
	// Currency of new accounts; empty means USD.
	Currency string
	// Country of a new client, two letters; empty means US.
	Country string
	// PIN is a two-step PIN that the numbers have already.
	PIN wagraph.Secret
	// RedirectURI has to be repeated in the exchange.
	RedirectURI string
}

// Finished is what a client's signup leaves behind.
type Finished struct {
	// Code lives 30 seconds and works once. AccessToken is what the older
	// login callback gives instead.
	Code, AccessToken wagraph.Secret
	Business          wagraph.BusinessID
	// WABAs are newest first.
	WABAs   []wagraph.WABAID
	Numbers []wagraph.PhoneNumberID
}

// Signup lets a client go through Embedded Signup.
func (s *Server) Signup(signup Signup) (Finished, error) {
	done, err := s.sim.Signup(graphsim.SignupSpec{
		BusinessID: string(signup.Business), BusinessName: signup.Name, WABAID: string(signup.WABA),
		WABAs: signup.WABAs, Numbers: signup.Numbers,
		Variant: graphsim.Variant(signup.Variant), Drift: graphsim.Drift(signup.Drift),
		TokenLifetime: signup.TokenLifetime, CodeVerification: signup.CodeVerification, NameStatus: signup.NameStatus,
		Currency: signup.Currency, Country: signup.Country, PIN: signup.PIN.Reveal(), RedirectURI: signup.RedirectURI,
	})
	if err != nil {
		return Finished{}, err
	}
	return Finished{
		Code: wagraph.NewSecret(done.Code), AccessToken: wagraph.NewSecret(done.AccessToken),
		Business: wagraph.BusinessID(done.BusinessID),
		WABAs:    typed[wagraph.WABAID](done.WABAIDs), Numbers: typed[wagraph.PhoneNumberID](done.PhoneNumberIDs),
	}, nil
}

// BusinessToken is the standing token of a client business.
func (s *Server) BusinessToken(business wagraph.BusinessID) (wagraph.Secret, error) {
	text, err := s.sim.BusinessToken(string(business))
	return wagraph.NewSecret(text), err
}
