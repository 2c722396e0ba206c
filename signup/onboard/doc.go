// Package onboard takes a client from the callback of its Embedded Signup to a
// phone number that can send, and keeps it in view afterwards.
//
//	secrets, err := vault.NewSealedVault(store, keyring)
//	flow, err := onboard.New(onboard.Config{
//		Client: partner, App: app, Business: ours, // the partner's admin system user
//		Store: store, Vault: secrets,
//		SystemUser: user, Line: line, Currency: "EUR",
//	})
//	record, err := flow.Begin(ctx, onboard.BeginRequest{Tenant: "acme", Callback: callback, Claim: event.Claim()})
//	record, err = flow.Run(ctx, record.ID)
//
// # The record
//
// A [Record] is the durable account of one onboarding. A [Store] keeps it, a
// [vault.Vault] the secrets: the client's token and a PIN for each number.
// [Flow.Begin] notes the record before it exchanges the code, and seals the token
// before anything else happens; the code itself is never stored, and the same code again returns the
// same record. The steps come after:
//
//	token      exchange the code; fetch the token if the answer was lost
//	inspect    ask what the token is good for
//	confirm    read the WABAs, their owner, their numbers
//	approve    ask Config.Approve, before the first write
//	subscribe  our app, for each WABA; then callback, where one is configured
//	assign     our system user, for each WABA
//	share      our credit line, for each WABA
//	register   each number that needs it, with a PIN of its own
//	check      read it all back
//
// [Flow.Run] does all that are ready, side by side where they do not need each
// other, and returns when none is. [Flow.Advance] does one, for a queue of jobs.
// Neither sleeps: what Meta wants waited for is in the step's NotBefore, and
// [Record.Due] says when to call again. Any process can: the record has a lease, and
// who comes second gets [ErrBusy]. A worker is a loop over what is due:
//
//	for record, err := range store.List(ctx, onboard.Filter{DueBefore: time.Now()}) {
//		record, err = flow.Run(ctx, record.ID)
//	}
//
// # What may go wrong
//
// A process may die anywhere. Each step looks before it acts, so that the next
// process finds what was done: nothing is exchanged, billed or registered twice.
// If the exchange's answer was lost, the token is fetched from Meta and accepted
// only if it is our app's, of the claimed business, and reaches the claimed WABAs.
// If there is none to be had the record ends as [StateNeedsNewSignup], with the
// reason and all that is known.
//
// A step that fails for a passing reason is tried again, at growing intervals, up to
// about a day. One that needs a person fails: if it is essential the record becomes
// [StateFailed], and [Flow.Resume] goes on once the reason is gone. Optional steps
// (the callback, and the assignment where the client's own token works) may fail
// without stopping the rest.
//
// # Ways in
//
//	Begin        a code, or the access token of the older login callback
//	BeginShared  a PARTNER_ADDED webhook: hosted signups, partners of a solution
//	Adopt        a client that the BSP had before: a token and its WABAs
//
// The page's event (see [popup.ParseEvent], [popup.Join]) may come after the code:
// [Flow.AddClaim] adds it. Its [popup.Event.Variant] tells signups apart whose numbers are
// not to be registered: those of the Business app, those that do not exist yet. In
// a Multi-Partner Solution the partner without messaging sets Config.NoRegister;
// a Tech Provider leaves Config.Line empty. On-Premises clients end with a
// certificate that can be downloaded.
//
// # Afterwards
//
// Record.Deadlines are the dates that somebody has to keep: 14 days to register, 24
// hours to ask for a history, the end of a token. [Refresh] renews tokens, [Validate]
// finds those that died. [Flow.Reregister] takes a changed display name on.
// [Diagnose] tells for any WABA whether it is live, and what to do if not.
// [Flow.Offboard] lets a client go; a credit line that was taken back stays so until
// [Flow.Reinstate].
package onboard
