package graphsim

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Config selects how a simulator behaves. The zero value is the default world with
// the stricter reading of everything Meta leaves open.
type Config struct {
	// NumericIDs serves the ids of nodes as JSON numbers, as some of Meta's samples do.
	NumericIDs bool
	// BareAllocation answers owning_credit_allocation_configs?receiving_business_id=
	// with the bare object of Meta's WhatsApp guide instead of the reference's list.
	BareAllocation bool
	// RequireProof demands an appsecret_proof with every token but the app's own.
	RequireProof bool
	// Quota enforces 200 calls an hour for each WABA, 5,000 once it has a registered number.
	Quota bool
	// WABAs adds that many client accounts, each of its own client portfolio, and
	// Numbers is how many numbers each of them has. They cost almost nothing until
	// they are changed: 100,000 are fine.
	WABAs, Numbers int
	// PublicURL is the base of paging links when a request carries no usable host. A
	// path in it is also accepted, and removed, in front of request paths.
	PublicURL string
	// ControlAPI mounts the control API under /__sim/.
	ControlAPI bool
	// Seed changes the generated tokens, codes and later ids; zero is a fixed seed too.
	Seed uint64
	// EmptyOnDeadCursor answers a cursor whose item is gone with an empty page
	// instead of error 100.
	EmptyOnDeadCursor bool
	// ClampLimits silently reduces a limit that is too large instead of refusing it.
	ClampLimits bool
	// ThinPages drops what a token may not see after a page was cut, so that pages
	// before the last come out short or empty.
	ThinPages bool
	// MaxCost bounds how many nodes one request may ask for (limit times nested
	// limits) before code 1 "reduce the amount of data"; zero means 30,000.
	MaxCost int
	// BusinessTokenCertificates serves certificates to clients' business tokens too.
	BusinessTokenCertificates bool
	// ShareNeedsAssignment refuses to share credit with an account to which the calling
	// system user is not assigned itself, admin or not.
	ShareNeedsAssignment bool
	// ForgetCalls keeps no log of calls, for long benchmarks.
	ForgetCalls bool
	// VerifyCallback is asked when a webhook override is set, in place of Meta's
	// verification request; nil accepts every callback. It runs outside the
	// simulator's lock.
	VerifyCallback func(callbackURL, verifyToken string) error
}

// Sim is one simulated Graph API. It is safe for concurrent use.
type Sim struct {
	cfg    Config
	schema *schema

	mu     sync.Mutex // guards everything below; never held while waiting
	offset time.Duration
	rng    *rand.Rand
	st     *state
	world  World
	meter  *meter
	calls  []*Call
	seq    int
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
