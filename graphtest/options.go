package graphtest

import "github.com/seed-8fdceacd/wagraph/internal/graphsim"

// Option changes how a Server behaves. The functions that begin with With return
// Options; the zero Option changes nothing.
type Option struct{ apply func(*graphsim.Config) }

// WithClients adds client accounts, each with a client business of its own and
// with the given count of numbers. They take little memory until they change:
// 100,000 accounts are fine. A negative count means none.
func WithClients(accounts, numbers int) Option {
	return Option{func(c *graphsim.Config) { c.WABAs, c.Numbers = max(accounts, 0), max(numbers, 0) }}
}

// WithQuota enforces Meta's hourly quotas: 200 calls for each account, and 5,000
// for an account with a registered number. A call beyond the quota is answered
// with code 80008.
func WithQuota() Option { return Option{func(c *graphsim.Config) { c.Quota = true }} }

// WithProofRequired refuses calls without an appsecret_proof. Meta does so for an
// app whose dashboard has "Require app secret" switched on.
func WithProofRequired() Option { return Option{func(c *graphsim.Config) { c.RequireProof = true }} }

// WithCallbacks calls verify in place of Meta's verification request, when a
// webhook subscription names a callback of its own. An error of verify makes the
// subscription fail with code 2200. Without this option, and with a nil verify,
// every callback is accepted.
func WithCallbacks(verify func(url, verifyToken string) error) Option {
	return Option{func(c *graphsim.Config) { c.VerifyCallback = verify }}
}

// WithNumericIDs sends ids as JSON numbers, as some of Meta's samples do.
// Without it they are strings.
func WithNumericIDs() Option { return Option{func(c *graphsim.Config) { c.NumericIDs = true }} }

// WithBareAllocation answers the search for one client's credit allocation with
// a single object, as Meta's guide shows it. Without it the answer is a list, as
// in Meta's reference.
func WithBareAllocation() Option { return Option{func(c *graphsim.Config) { c.BareAllocation = true }} }

// WithEmptyOnDeadCursor answers a cursor whose item was deleted with an empty
// page. Without it the answer is an error with code 100.
func WithEmptyOnDeadCursor() Option {
	return Option{func(c *graphsim.Config) { c.EmptyOnDeadCursor = true }}
}

// WithThinPages makes pages shorter than their limit, and some of them empty,
// although more pages follow. Graph sends such pages when it filters the items
// after it cut the page.
func WithThinPages() Option { return Option{func(c *graphsim.Config) { c.ThinPages = true }} }

// WithMaxCost limits how many objects one call may ask for: its limit times the
// limits of its nested edges. A call that asks for more is told to reduce the
// amount of data. Zero and less mean the default of 30,000.
func WithMaxCost(objects int) Option { return Option{func(c *graphsim.Config) { c.MaxCost = objects }} }

// WithPaymentRequired refuses to register a number of a client's account that nothing
// pays for: code 100 with subcode 2388103, and the attempt is spent. A credit line pays
// once it is attached, and a payment method of the client once AddPayment added it.
func WithPaymentRequired() Option {
	return Option{func(c *graphsim.Config) { c.RequirePayment = true }}
}

// WithSeed changes the tokens, codes and ids that the Server generates. Two
// Servers with the same seed generate the same ones.
func WithSeed(seed uint64) Option { return Option{func(c *graphsim.Config) { c.Seed = seed }} }

// WithoutLog records no calls, which saves memory in long runs. Calls then
// returns nothing.
func WithoutLog() Option { return Option{func(c *graphsim.Config) { c.ForgetCalls = true }} }

// WithControlAPI adds an HTTP interface to the simulator itself below /__sim/:
// POST signup, faults and clock, DELETE faults, GET state, calls, clock and world.
// It asks for no token and serves secrets in clear text.
func WithControlAPI() Option { return Option{func(c *graphsim.Config) { c.ControlAPI = true }} }

// WithPublicURL sets the base of the paging links in answers to requests that
// name no host. Without it, links begin with the host of the request.
func WithPublicURL(base string) Option {
	return Option{func(c *graphsim.Config) { c.PublicURL = base }}
}
