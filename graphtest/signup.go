package graphtest

import (
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// Variant is the way in which a client goes through Embedded Signup.
type Variant string

// Values of Variant. The zero value is Cloud.
const (
	Cloud       Variant = ""             // an account with a number that is not registered yet
	Coexistence Variant = "coexistence"  // a number that the client also uses in the WhatsApp Business app; the flow registers it
	OnlyWABA    Variant = "only_waba"    // an account without a number
	Hosted      Variant = "hosted"       // Meta's hosted page: there is no code, the partner fetches the token
	PreVerified Variant = "pre_verified" // the client takes a number that the partner verified before
)

// Drift is a way in which the scopes of a client's token differ from Meta's
// guides. All of them were observed or are documented.
type Drift string

// Values of Drift. The zero value is NoDrift.
const (
	NoDrift       Drift = ""               // the scopes and target_ids of the guides
	ManageEvents  Drift = "manage_events"  // debug_token shows whatsapp_business_manage_events in place of whatsapp_business_management; all calls work
	NoTargets     Drift = "no_targets"     // debug_token shows no target_ids, which means all accounts
	EmptyTargets  Drift = "empty_targets"  // debug_token shows empty target_ids, which means all accounts
	MessagingOnly Drift = "messaging_only" // the token has no management permission: reads work, writes fail
)

// SignupOptions describes a client that goes through Embedded Signup. The zero value is
// a new client with one account and one verified number.
type SignupOptions struct {
	// Business is an existing client; empty means a new one. WABA is an existing
	// account of it that gets the numbers.
	Business graph.BusinessID
	WABA     graph.WABAID
	// Name is the name of a new client; empty means a generated one.
	Name string
	// WABAs is how many new accounts the client has, and Numbers how many numbers
	// each account gets. 0 means one, but no new account if WABA is set.
	WABAs, Numbers int
	Variant        Variant
	Drift          Drift
	// TokenLifetime is how long the business token is valid; 0 means forever.
	TokenLifetime time.Duration
	// CodeVerification and NameStatus are code_verification_status and name_status
	// of the numbers; empty means VERIFIED and AVAILABLE_WITHOUT_REVIEW.
	CodeVerification, NameStatus string
	// Currency is the currency of new accounts; empty means USD.
	Currency string
	// Country is the country of a new client, in two letters; empty means US.
	Country string
	// PIN is a two-step PIN that the numbers have from the start; zero means none.
	PIN graph.Secret
	// RedirectURI has to be repeated when the code is exchanged.
	RedirectURI string
}

// SignupResult is what the browser sends to the partner after a signup.
type SignupResult struct {
	// Code is valid for 30 seconds and can be exchanged once. Before it is exchanged,
	// no token of a new client can be fetched. AccessToken is the
	// user token that the older login callback delivers in its place, valid for
	// two hours. Both are zero with Hosted.
	Code, AccessToken graph.Secret
	Business          graph.BusinessID
	// WABAs and Numbers are what the client shares, the newest first.
	WABAs   []graph.WABAID
	Numbers []graph.PhoneNumberID
}

// Signup takes a client through Embedded Signup. It returns an InputError if the
// description names an object that does not exist or an unknown Variant or Drift,
// and if a count or time is negative.
func (s *Server) Signup(signup SignupOptions) (SignupResult, error) {
	var done graphsim.Signup
	err := s.change("Signup", func(sim *graphsim.Sim) (err error) {
		done, err = sim.Signup(graphsim.SignupSpec{
			BusinessID: string(signup.Business), BusinessName: signup.Name, WABAID: string(signup.WABA),
			WABAs: signup.WABAs, Numbers: signup.Numbers,
			Variant: graphsim.Variant(signup.Variant), Drift: graphsim.Drift(signup.Drift),
			TokenLifetime: signup.TokenLifetime, CodeVerification: signup.CodeVerification, NameStatus: signup.NameStatus,
			Currency: signup.Currency, Country: signup.Country, PIN: signup.PIN.Reveal(), RedirectURI: signup.RedirectURI,
		})
		return err
	})
	if err != nil {
		return SignupResult{}, err
	}
	return SignupResult{
		Code: graph.NewSecret(done.Code), AccessToken: graph.NewSecret(done.AccessToken),
		Business: graph.BusinessID(done.BusinessID),
		WABAs:    typed[graph.WABAID](done.WABAIDs), Numbers: typed[graph.PhoneNumberID](done.PhoneNumberIDs),
	}, nil
}

// BusinessToken returns the business token of a client: the newest one that is
// valid, or a new one. From then on the token can also be fetched with fetch_only, as
// that of a client that the partner already serves. BusinessToken returns an InputError
// if the business is not a client that connected the app.
func (s *Server) BusinessToken(business graph.BusinessID) (graph.Secret, error) {
	var text string
	err := s.change("BusinessToken", func(sim *graphsim.Sim) (err error) {
		text, err = sim.BusinessToken(string(business))
		return err
	})
	return graph.NewSecret(text), err
}
