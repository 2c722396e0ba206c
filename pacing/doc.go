// Package pacing keeps a program within the hourly quotas of Meta's Graph API:
// it slows down before the wall, stops at it, and goes on when there is room.
//
//	graph, err := graph.New(source, graph.WithPacer(pacing.New(pacing.Options{})))
//
// # The quotas
//
// Meta counts the calls of each app on each WhatsApp Business Account: 200 in an
// hour, and 5,000 once the account has a registered phone number. A client that
// is being onboarded is in the small class, just when it is looked at most.
// Calls made over the quota are refused, count all the same, and so prolong the
// block; calls on other accounts go on. Credit lines have a quota of their own
// for each app. Only some edges count: reading the account and its numbers, and
// everything to do with assigned users, subscribed apps and templates. The
// others are not held up by any quota, but by a block of the whole app.
//
// https://developers.facebook.com/docs/graph-api/overview/rate-limiting
//
// # What a Pacer knows
//
// Every call that a [Pacer] lets go is counted for its account, in half minutes,
// until it has surely left the last hour. The usage headers of the answers say
// what percentage of the quota Meta has counted. Both together tell two things
// that Meta tells nobody:
//
//   - The limit. When Meta calls 60 calls 1 percent, the limit is above 3,000:
//     the account is in the large class. Limits are raised on such proof only,
//     and lowered when a header or a throttle contradicts.
//   - The load of others. What the header says beyond our own count are other
//     programs, which are counted from then on, and forgotten like our own calls.
//
// Calls on a phone number count for its account, which is learned from the
// header of the first answer.
//
// # What a Pacer does
//
// Below three quarters of the limit nothing. Above, calls are spaced at about an
// hour divided by the limit. At the limit, less a reserve of two percent, they
// wait until the oldest have left the hour. After a throttle they wait as long
// as Meta said, or from five minutes to an hour where it said nothing; then one
// call goes ahead, and the others follow when it came through. A throttle of the
// app, or an X-App-Usage of 100 percent, stops all accounts.
//
// Who waits for an account waits in line. A call whose turn would come after its
// context's deadline fails at once with a [*WaitError], which says when there
// will be room; that is also how to have calls never wait: Options.MaxWait.
//
// # Several processes
//
// The counts are kept in a [Budget]. Pacers with the same one act as one. The
// default, a [Memory], is for one process; package filebudget, a module of its
// own below this one, shares the counts among the processes of a machine by way
// of a directory, and keeps them through a restart; on many machines it takes
// little to have any database with transactions do it.
//
// Programs that share nothing still see each other in the headers. With an
// account of the large class that is nearly as good; in the small one a percent
// is two calls, so many programs together can overrun it by a few: give them a
// larger Options.Reserve. A process that starts anew near the wall with an empty
// Memory knows the load, but not when it will be gone: it looks again after 5,
// 10 and 20 minutes.
//
// # Any other pacer
//
// A client takes anything with Wait(context.Context) error; a rate.Limiter of
// golang.org/x/time/rate is one. It knows no accounts and hears no headers.
package pacing
