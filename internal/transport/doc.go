// Package transport sends one HTTP request, as often as its caller allows, and
// shows every answer to that caller before anything else is decided.
//
// It is the only importer of hashicorp/go-retryablehttp in the module and
// knows nothing of Graph. The loop, the waiting and the rewinding of bodies
// are the library's; everything that decides is ours:
//
//   - Whether an attempt may be repeated, and after which wait, is asked of the
//     [Handler] with the whole answer in its hand (see [Handler.Judge]). The
//     library's own policy repeats a POST after a cut connection or a 5xx, and
//     looks at the status only; neither is bearable where a call shares a
//     credit line.
//   - A request is pinned to one origin below every redirect, proxy and client
//     setting: nothing addressed elsewhere is sent, and a redirect is returned
//     as an answer instead of being followed with the token in hand.
//   - The library's logger and its final error print URLs; there is no logger,
//     and *url.Error is unwrapped before anybody sees it.
//   - Bodies are read here, once, within a limit that counts bytes after
//     decompression, into a buffer that is reused.
//   - net/http itself repeats a GET when a pooled connection dies, and over
//     HTTP/2 any request on a stream that ends in a protocol error. A
//     [Request.NoReplay] call carries a body that cannot be rewound, so that
//     neither side of net/http can send it again.
//   - A cold burst over TLS waits for the first call's connection, so that
//     HTTP/2 carries it on one connection instead of one per call.
//
// Each call owns a retryablehttp.Client and an http.Client as plain struct
// values inside one allocation. The library passes no request to its backoff
// hook and a nil response to its retry hook after a reset, so state that
// belongs to the call cannot travel through shared hooks.
package transport
