// Package transport sends one HTTP request, as often as its caller allows, and
// gives every answer to that caller before anything else is decided.
//
// A call is a loop over its attempts:
//
//	attempts := pipe.Attempts(ctx, &request)
//	for attempt := range attempts.All {
//		answer := attempt.Send(ctx)
//		if !worthRepeating(answer) {
//			break
//		}
//		attempt.RepeatAfter(wait)
//	}
//
// The package is the only importer of hashicorp/go-retryablehttp in the module
// and knows nothing of Graph. The library counts the attempts, rewinds the body
// and waits; the loop's body decides:
//
//   - Whether an attempt is repeated, and after which wait, is decided with the
//     whole answer at hand. The library's own policy repeats a POST after a cut
//     connection or a 5xx, and looks at the status only; neither can be allowed
//     where a call shares a credit line.
//   - A request is pinned to one origin below every redirect, proxy and client
//     setting: nothing addressed elsewhere is sent, and a redirect is returned
//     as an answer instead of being followed with the token.
//   - The library's logger and its final error print URLs. There is no logger,
//     and a *url.Error is unwrapped before the caller gets it.
//   - Bodies are read here, once, within a limit that counts bytes after
//     decompression, into a buffer that is reused. About as much as the limit
//     is held. A body whose status is an error has a lower limit of its own.
//   - net/http itself repeats a GET when a pooled connection breaks, and over
//     HTTP/2 any request on a stream that ends in a protocol error. A
//     [Request.NoReplay] call carries a body that cannot be rewound, so that
//     neither side of net/http can send it again.
//   - A cold burst over TLS waits for the first call's connection, so that
//     HTTP/2 carries it on one connection instead of one per call.
//   - A panic of the application's round tripper is an [Answer] with the error
//     ErrPanicked.
//
// Each call owns a retryablehttp.Client and an http.Client as plain struct
// values inside one allocation. The library passes no request to its backoff
// hook and a nil response to its retry hook after a reset, so state that
// belongs to the call cannot travel through shared hooks.
package transport
