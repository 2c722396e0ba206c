// Package wagraph is the core of a Go SDK with which a WhatsApp Business
// Solution Provider manages its clients over Meta's Graph API. It knows what
// Graph means: tokens, ids, errors, lists, batches. What WhatsApp means is in the
// packages around it: waba, phonenumbers, credit and signup.
//
//	graph, err := graph.New(graph.StaticToken(token), graph.WithAppSecret(secret))
//	accounts := waba.New(graph)
//	for account, err := range accounts.Clients(businessID, waba.Query{}).All(ctx) { ... }
//
//	theirs := graph.As(customerToken)  // the same client with a customer's token
//	err = phonenumbers.New(theirs).Register(ctx, numberID, pin)
//
// One [Client] serves a program: it is safe for concurrent use, and [Client.As]
// gives it another token without giving up connections or pacing.
//
// # Calls
//
// A call is a [Request]: a method, a route template, the ids that fill it, and
// parameters. [Client.Do] makes one, and is the way to routes that no package
// has. An [Op] is a call as a value, to be sent alone ([Send]), with others in a
// [Batch], or as a read by ids ([SendByIDs]).
//
// A [List] is an edge. It is read page by page when it is ranged over, into the
// package's type or, through [ListAs], into a struct of one's own, whose [Edge]
// fields bring the objects below along in the same answer.
//
// # What is repeated
//
// After a throttle, or when the request never left, a call is sent again. After
// anything else that passes (a reset, a timeout, a 5xx, Meta's codes 1 and 2) a
// read is, and a write is not: its outcome is unknown, and the error is an
// [ErrOutcomeUnknown]. [Repeat] changes that per call, [RetryPolicy] how often
// and how long. A wait that Meta names is kept whole; one that is longer than
// RetryPolicy.MaxThrottleWait, or that would pass the context's deadline, is
// returned at once in [Error].RetryAfter.
//
// # Errors
//
// An [*InputError] was found before anything was sent. An [*Error] is a call that
// failed: its [Kind] says what that means for the caller, its text what to do.
//
//	errors.Is(err, graph.ErrThrottled)   // a kind
//	errors.Is(err, graph.Code(133016))   // a number of Meta's, code or subcode
//
// # Secrets
//
// Tokens travel in the Authorization header, to the configured origin and nowhere
// else; redirects are refused, and paging links, which hold a token, are never
// followed. No error, log or trace holds a URL, a token or a parameter. [Secret]
// keeps what must not be printed.
//
// # Seeing in
//
// A [Tracer] sees each attempt with its route template, wait, usage and trace id;
// [Slog] is one. A [Pacer] decides when an attempt may go; package pacing has one
// that keeps to Meta's quotas.
package wagraph
