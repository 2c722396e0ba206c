// Package onboard takes a client from the callback of its Embedded Signup to a phone
// number that can send messages. Afterwards it renews tokens, reports problems, and
// ends the work for a client.
//
//	pacer := pacing.New(pacing.Config{})
//	partner, err := graph.New(source, graph.WithPacer(pacer)) // the partner's admin system user
//	secrets, err := vault.NewSealedVault(store, keyring)
//	flow, err := onboard.New(onboard.Config{
//		Client: partner, App: app, Business: business,
//		Store: store, Vault: secrets,
//		SystemUser: user, Line: line, Currency: "EUR",
//	})
//	record, err := flow.Begin(ctx, onboard.BeginRequest{Tenant: "acme", Callback: callback, Claim: event.Claim()})
//	record, err = flow.Run(ctx, record.ID)
//
// [InMemory] makes a Config for a first try, without a database and a key. Install a
// Pacer, as above: a new WABA allows 200 calls an hour, and Meta counts the calls that
// it refuses. Package pacing says more.
//
// # The record
//
// A [Record] is the durable state of one onboarding. A [Store] stores the records. A
// [vault.Vault] stores the secrets: the client's token, and a PIN for each number.
// [Flow.Begin] stores the record, exchanges the code, and seals the token before it
// does anything else. The same code or session again returns the same record. The steps
// are:
//
//	STEP        PER     AFTER       WHAT IT DOES
//	token       record  -           exchange the code; fetch the token if the answer was lost
//	inspect     record  token       ask Meta what the token grants
//	confirm     record  inspect     read the WABAs, their owner and their numbers
//	approve     record  confirm     ask Config.Approve, before the first write
//	subscribe   WABA    approve     subscribe the app to the webhooks
//	callback    WABA    subscribe   send the webhooks to Config.Callback
//	assign      WABA    approve     assign Config.SystemUser
//	share       WABA    approve     share the credit line Config.Line
//	register    number  approve     register the number, with its own PIN
//	check       record  the others  read everything again
//	reregister  number  approve     register again for a new display name
//
// [Flow.Run] does all steps that are ready, at the same time if they do not depend on
// each other, and returns when no step is. [Flow.Advance] does one step, for a queue
// of jobs. Neither of them sleeps: a step that has to wait has a NotBefore, and
// [Record.Due] returns when the record has work again. Any process can do that work: a
// worker is a loop over [Flow.RunDue], which takes the records that wait longest.
//
// # Leases
//
// Only one worker at a time has a record: the others get [ErrBusy]. Two records can be
// about the same client, because the client signed up in two tabs, or because its
// webhook came beside its code. So a worker also leases the client's business, WABAs and
// numbers before it changes one of them. The second record's steps wait for some
// seconds, look, and find the work done: no number is registered twice, and no line is
// shared twice.
//
// A [Lease] ends by the clock of the store, so the clocks of the processes may differ. A
// worker extends its lease while it works, and stops its calls before the lease ends. If
// it dies, its record and the client's assets rest for Config.Lease. A worker that was
// stopped for longer than that writes no longer: the next one has written itself into
// the record. A call that was under way at Meta by then cannot be taken back. That is
// why each step reads before it writes. The worker's own clock stands still while its
// machine is suspended: do not run workers on machines that sleep.
//
// People need no lease of a record: [Flow.AddClaim], [Flow.SetCurrency] and
// [Flow.Reinstate] write into a record while a worker has it, and the worker takes over
// what they wrote. Only SetCurrency is [ErrBusy] while a worker has the client's assets.
//
// # What can go wrong
//
// A process may die at any time. Each step reads before it writes, so that the next
// process finds what was done: no code is exchanged twice, no line is shared twice,
// and no number is registered twice. That a code is sent is stored before it is sent. If
// Meta refuses to process it, the code is sealed in the vault, and any process exchanges
// it while it lives. If the exchange's answer was lost, the token is fetched from Meta. It is accepted only if it belongs to the app and to the claimed
// business, and reaches the claimed WABAs. If no token can be fetched, the record ends
// as [StateNeedsNewSignup], with the reason.
//
// A step whose failure can pass is tried again, at growing intervals, for about a day.
// Any other failure needs a person. If the step is essential, the record becomes
// [StateFailed]; once the reason is gone, [Flow.Resume] goes on. The other steps may
// fail and do not stop the rest: the callback, and the assignment if the client's
// token works without it. A panic in the Store, the Vault or a hook is an error of
// kind graph.ErrPanicked, which names the method.
//
// # How an onboarding begins
//
//	Begin        a code, or the access token of the older login callback
//	BeginShared  a PARTNER_ADDED webhook: hosted signups, partners of a solution
//	Adopt        a client that the BSP had before: a token and its WABAs
//
// The page's event (see [popup.ParseEvent], [popup.Join]) may come after the code:
// [Flow.AddClaim] adds it. A claim is what a browser said: it says which business and
// which accounts to read, and Meta's answers decide. A claimed WABA that the token was
// not granted is left out. Whether the Business app has a
// number, so that it is not registered, is what Meta says of the number. In a
// Multi-Partner Solution, the partner that sends no messages sets Config.NoRegister. A
// Tech Provider leaves Config.Line empty. The onboarding of an On-Premises client ends
// when its certificate can be downloaded.
//
// # Afterwards
//
// Record.Deadlines has the dates that matter: 14 days to register a number, 24 hours
// to request a history, the end of a token. [Flow.Refresh] renews tokens, and
// [Flow.Validate] finds the tokens that Meta no longer accepts. [Flow.Reregister] registers a number
// again, for a new display name. [Diagnose] returns whether a WABA is live, and what
// to do if it is not. [Flow.Offboard] ends the work for a client, in all of its records.
// Once its credit line was revoked, no step changes anything of the client, in no record,
// until [Flow.Reinstate] is called. [Flow.EraseTenant] deletes what is stored of a tenant,
// and so also that the line was revoked: a later onboarding shares it again. [Store.Backlog] counts what
// waits, and [Filter] finds the records of a business, WABA, number or deadline.
//
// Read next: package sqlstore for a Store and the vault's storage in a database,
// package vault for keys and their rotation, package storetest to test your own Store.
package onboard
