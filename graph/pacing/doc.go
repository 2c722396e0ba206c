// Package pacing keeps a program within the hourly quotas of Meta's Graph API. A
// [Pacer] lets calls go while little of a quota is used, slows them down when most
// of it is used, and makes them wait when all of it is used.
//
//	pacer := pacing.New(pacing.Config{})
//	client, err := graph.New(source, graph.WithPacer(pacer))
//
// # Who needs it
//
// A program that makes many calls on the same WhatsApp Business Account: an
// onboarding, a synchronization of templates or phone numbers, a dashboard that
// reads the same accounts often. A program without a Pacer gets throttles (error
// 80008 or 80007), and its calls are repeated too early: Meta counts the calls
// that it refuses, so they make the block longer. In the tests of this package a
// client that makes 1.5 times the permitted calls has half of its quota
// answered. With a Pacer it uses at least 97 percent, and no call is refused.
//
// # The quotas
//
// Meta counts the calls of each app on each WhatsApp Business Account. The limit
// is 200 calls an hour, and 5,000 when the account has a registered phone number.
// So an account that is being onboarded has the low limit just when a program
// calls it most. A call on another account is not affected. All credit lines of
// an app have one quota together, of 5,000 calls an hour.
//
// Meta counts only these calls on an account: reading the account, reading its
// phone_numbers, reading one of its phone numbers, and every call on its
// assigned_users, subscribed_apps and message_templates. Each op of a batch
// counts as one call. A Pacer lets all other calls go at once, unless Meta blocks
// the whole app.
//
// https://developers.facebook.com/docs/graph-api/overview/rate-limiting
//
// # What a Pacer does
//
// It counts each call on an account for one hour. Up to three quarters of the
// limit it does nothing else. Above, it spaces calls by about one hour divided by
// the limit. At the limit, less the reserve of Config.Reserve percent, calls wait
// until the oldest calls are more than an hour old.
//
// After a throttle, the calls on the account wait as long as Meta said. If Meta
// said nothing, they wait five minutes, and twice as long after each further
// throttle, up to an hour. Then one call is sent, and the others follow when it
// was answered. A throttle of the app, or an X-App-Usage header of 100 percent,
// stops the calls on all accounts in the same way.
//
// Calls that wait for the same quota are sent in the order in which they came. A
// call that would wait beyond its context's deadline, or longer than
// Config.MaxWait, ends at once with a [*WaitError] that says when to try again.
//
// # What a Pacer learns
//
// Meta's answers have a usage header that says what percentage of a quota is
// used. A Pacer compares it with its own count and learns two things:
//
//   - The limit. If Meta calls 60 calls 1 percent, the limit is above 3,000, so it
//     is 5,000. A Pacer raises a limit only on such a proof. It lowers the limit
//     when Meta refuses a call too early.
//   - The calls of other programs. What the header says beyond the Pacer's own
//     count, other programs have used. It counts like the Pacer's own calls.
//
// The header also names the account of a phone number. A read of a phone number
// counts for its account as soon as one answer has named it.
//
// # Several processes
//
// A [Budget] stores what is counted. Pacers with the same Budget act as one. The
// default Budget is a [Memory], for one process. Package filebudget, a module of
// its own below this one, shares the counts among the processes of a machine
// through a directory, and keeps them when a process is restarted. For several
// machines, implement Budget with a database that has transactions.
//
// Programs that share no Budget still see each other in the headers. With a limit
// of 5,000 that is nearly as good. With a limit of 200 one percent is two calls,
// so many programs together can exceed it by a few calls: give them a larger
// Config.Reserve. A process that starts with an empty Memory when the quota is
// used knows how much is used, but not since when. It sends one call after 5, 10
// and 20 minutes to find out.
//
// # Other pacers
//
// A client takes anything with a method Wait(context.Context) error, for example
// a rate.Limiter of golang.org/x/time/rate. Such a limiter does not know accounts
// and does not read headers.
package pacing
