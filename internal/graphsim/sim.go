package graphsim

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Config selects how a simulator behaves. The zero value is the default world with the
// stricter reading of everything that Meta leaves open.
type Config struct {
	// NumericIDs sends the ids of nodes as JSON numbers, as some of Meta's samples do.
	NumericIDs bool
	// BareAllocation answers owning_credit_allocation_configs?receiving_business_id=
	// with a single object, as Meta's WhatsApp guide shows it. The default is the list
	// of Meta's reference.
	BareAllocation bool
	// RequireProof refuses tokens without an appsecret_proof, except the app's own.
	RequireProof bool
	// Quota enforces 200 calls an hour for each WABA, 5,000 once it has a registered number.
	Quota bool
	// WABAs adds so many client accounts, each with its own client portfolio. Numbers
	// is how many numbers each of them has. They take little memory until they change:
	// 100,000 are fine.
	WABAs, Numbers int
	// PublicURL is the base of paging links if a request names no host. If it has a
	// path, that path is also accepted, and removed, in front of request paths.
	PublicURL string
	// ControlAPI adds the control API below /__sim/.
	ControlAPI bool
	// Seed changes the generated tokens, codes and ids. Zero is a fixed seed too.
	Seed uint64
	// EmptyOnDeadCursor answers a cursor whose item is gone with an empty page. The
	// default is an error 100.
	EmptyOnDeadCursor bool
	// ClampLimits reduces a limit that is too large. The default is an error.
	ClampLimits bool
	// ThinPages removes the items that a token may not see after the page was cut, so
	// that pages before the last one are short or empty.
	ThinPages bool
	// MaxCost is how many nodes one request may ask for (its limit times nested limits)
	// before the answer is code 1, "reduce the amount of data". Zero means 30,000.
	MaxCost int
	// BusinessTokenCertificates serves certificates also to the business tokens of
	// clients.
	BusinessTokenCertificates bool
	// ShareNeedsAssignment refuses to share credit with an account to which the calling
	// system user is not assigned, even if it is an admin.
	ShareNeedsAssignment bool
	// RequirePayment refuses to register a number of a client's account that nothing pays
	// for. The partner's own accounts have another way of payment.
	RequirePayment bool
	// ForgetCalls records no calls, which saves memory in long benchmarks.
	ForgetCalls bool
	// VerifyCallback is called when a webhook override is set, in place of Meta's
	// verification request. Nil accepts every callback. It runs without the simulator's
	// lock.
	VerifyCallback func(callbackURL, verifyToken string) error
}

// Sim is one simulated Graph API. It is safe for concurrent use.
type Sim struct {
	cfg    Config
	schema *schema

	mu     sync.Mutex // guards the fields below; not held while a call waits
	offset time.Duration
	rng    *rand.Rand
	st     *state
	world  World
	meter  *meter
	calls  []*Call
	seq    int // the last call's Seq
	events int // the last place in the series of Call.Began and Call.Ended
	hooks  []*hook
}

// New builds a simulator with its default world.
func New(cfg Config) *Sim {
	if cfg.MaxCost <= 0 {
		cfg.MaxCost = defaultMaxCost
	}
	s := &Sim{cfg: cfg, schema: newSchema(), meter: newMeter(), rng: newRand(cfg.Seed)}
	s.st = newState()
	s.seed()
	return s
}
