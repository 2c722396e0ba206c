// Package graph makes calls to Meta's Graph API. It is the core of wagraph, a Go SDK
// with which a WhatsApp Business Solution Provider manages the accounts of its
// customers. It knows tokens, ids, errors, lists and batches. The packages beside it
// know WhatsApp: waba (accounts), phonenumbers, credit (credit lines) and signup
// (Embedded Signup). Each of them works with a [Client] of this package:
//
//	client, err := graph.New(graph.StaticToken(token), graph.WithAppSecret(secret))
//	if err != nil {
//		return err
//	}
//	for account, err := range waba.New(client).Clients(businessID, waba.Query{}).All(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(account.ID, account.Name)
//	}
//
//	// The same connections, with the token of one customer:
//	customer := client.As(graph.SecretToken(customerToken))
//	err = phonenumbers.New(customer).Register(ctx, numberID, pin)
//
// Start with four types: [Client] makes calls, [List] reads collections, [Error] says
// what went wrong, and [Secret] holds a text that must not be printed. A program makes
// one Client with [New]. It is safe for concurrent use, and [Client.As] returns
// Clients for other tokens that share its connections and its pacer.
//
// # Calls
//
// A call is a [Request]: a method, a route template, the ids that fill it, and
// parameters. [Client.Do] sends one. Use it also for routes that no package has. An
// [Op] describes a call without making it, so that it can be sent alone ([Send]) or
// together with others.
//
// A [List] reads an edge (a collection such as /{waba-id}/phone_numbers) page by page
// while a loop ranges over [List.All]. [List.Pages] yields the pages with their
// cursors, so that a long list can be resumed. [ListAs] reads the same edge into a
// struct that you define.
//
// # Reading and writing in bulk
//
// Every object that is read counts against the quota, however it is read. The bulk
// tools save round trips:
//
//   - To read the objects below many others (all accounts of a portfolio with their
//     phone numbers), use [ListAs] with an [Edge] field. Graph then answers with
//     both in the same page: a hundred accounts in one request. This takes the
//     fewest requests.
//   - To read many single objects whose ids you know, or to make up to 50 different
//     calls with one token, use a [Batch]. Each op succeeds or fails on its own.
//   - [SendByIDs] reads many single objects of one kind and returns their results in
//     order. It asks for 50 objects by their ids in one GET; since 27 October 2026
//     Graph refuses such reads of objects, and SendByIDs reads them as a Batch then.
//   - In all other cases use a plain loop over a List, with ListOptions.Prefetch if
//     the loop's body takes time: the next page is read meanwhile.
//
// # Repeated attempts
//
// After a throttle, or if nothing was sent, a call is sent again. After any other
// failure that may pass (a reset, a timeout, a 5xx, Meta's codes 1 and 2) a read is
// sent again and a write is not: its outcome is unknown, and the error is an
// [ErrOutcomeUnknown]. [Repeat] changes that for a call. [RetryPolicy] sets how often
// and how long. A wait that Meta names is never shortened. If it is longer than
// RetryPolicy.MaxThrottleWait, or would pass the context's deadline, the call returns
// at once with the wait in [Error].RetryAfter.
//
// A body that is cut off or too large says nothing, and the status counts: a 5xx
// leaves the outcome unknown, a 401 or 403 is a refusal. Graph sends errors of every
// kind with 400, so a 400 without its body leaves the outcome of a write unknown too.
//
// # Answers that cannot be right
//
// A read of one object compares the id in the answer with the id that was asked for,
// alone, in a batch and in a read by ids. An answer about another object is never
// decoded. A list ends at a page without a next; an answer without data is not an
// end, and an empty page behind a next is one only if Graph says so twice. All of
// these are asked for again like other reads, and then are an [ErrBadResponse].
//
// # Errors
//
// Every error is an [*InputError] (an argument was wrong and nothing was sent), an
// [*Error] (a call failed), or a named variable of a package. Each has a [Kind],
// which says what the failure means for the caller, and only one: the Kind of an
// error's cause is not found. Decide on the Kind:
//
//	switch graph.KindOf(err) {
//	case "":                      // no error
//	case graph.ErrThrottled:      // wait for Error.RetryAfter
//	case graph.ErrAuth:           // get a new token
//	case graph.ErrOutcomeUnknown: // look before you act again
//	}
//
//	errors.Is(err, graph.ErrThrottled) // is it of this kind?
//	errors.Is(err, graph.Code(133016)) // is it this number of Meta's, code or subcode?
//
// The text of an error begins with "wagraph: ", the name of the module. It names the
// call, Meta's reason and what to do. A panic in the application's Tracer, Pacer,
// TokenSource, RoundTripper or UnmarshalJSON ends the call with an [ErrPanicked] that
// names that code; the process continues.
//
// # Pacing
//
// Meta counts calls per hour, for each app and for each WhatsApp Business Account (200
// for an account without a registered number, 5,000 with one). A [Pacer] keeps a
// program within these quotas: the Client asks it before every attempt, and it makes
// the attempt wait if needed. A program that makes few calls does not need one: calls
// that Meta throttles are repeated anyway. Use one when a program works through many
// accounts at once, when several programs share an app, or when some calls (onboarding
// a customer) must not wait behind others (a nightly sync). Package pacing has a Pacer that reads Meta's usage headers.
//
// # Logs and metrics
//
// A [Tracer] sees each attempt with its route template, wait, usage and trace id.
// [Slog] returns one that logs.
//
// # Secrets
//
// Tokens travel in the Authorization header, to the configured origin only. Redirects
// are refused, and paging links, which hold a token, are never followed. No error, log
// or trace holds a URL, a token or a parameter.
package graph
