package matrix_test

import (
	"net/http"
	"time"

	"github.com/seed-8fdceacd/wagraph"
)

// fate is what a fault means for the call that meets it.
type fate int

const (
	// harmless: the call succeeds all the same.
	harmless fate = iota
	// passing: nobody knows what became of the call, and another attempt may
	// come through.
	passing
	// lasting: nobody knows either, and another attempt would meet the same.
	lasting
	// unsent: the call was not processed, and another attempt may come through.
	unsent
	// refused: the call was not processed, and never will be.
	refused
	// anything: it cannot be said, but an error is a typed one.
	anything
)

// fault is something that happens to an attempt.
type fault struct {
	name string
	fate fate
	kind wagraph.Kind  // how a call ends that may be repeated, and meets it each time
	wait time.Duration // Error.RetryAfter
	// strike answers in the simulator's place, or spoils what that answers.
	strike func(w *wire, req *http.Request, body []byte) (*http.Response, error)
}

// class is what may be done with a call after a failure.
type class int

const (
	reads      class = iota // changes nothing
	idempotent              // leaves the same state however often it is made
	guarded                 // repeated only if Meta said that it was not processed
	once                    // never repeated
)

// ends lists the kinds that a call may end in; none of them is a success.
func (f *fault) ends(c class, always bool) (kinds []wagraph.Kind, succeeds bool) {
	repeatable := c == reads || c == idempotent
	switch f.fate {
	case harmless:
		return nil, true
	case refused:
		return []wagraph.Kind{f.kind}, false
	case unsent:
		if c == once || always {
			return []wagraph.Kind{f.kind}, false
		}
		return nil, true
	case passing:
		switch {
		case !repeatable:
			return []wagraph.Kind{wagraph.ErrOutcomeUnknown}, false
		case always:
			return []wagraph.Kind{f.kind}, false
		}
		return nil, true
	case lasting:
		if !repeatable {
			return []wagraph.Kind{wagraph.ErrOutcomeUnknown}, false
		}
		return []wagraph.Kind{f.kind}, false
	}
	return []wagraph.Kind{f.kind, wagraph.ErrOutcomeUnknown, wagraph.ErrUnclassified}, true
}

// faults lists what can happen to an attempt. Those that come twice strike
// before the call takes effect and after it.
func faults() []*fault {
	all := lostOnes()
	all = append(all, bodies()...)
	all = append(all, refusals()...)
	return append(all, echoes()...)
}

// lostOnes: the connection, or the time, is over.
func lostOnes() []*fault {
	transient := func(name string, strike func(*wire, *http.Request, []byte) (*http.Response, error)) *fault {
		return &fault{name: name, fate: passing, kind: wagraph.ErrTransient, strike: strike}
	}
	return []*fault{
		transient("lost reply", after(reset)),
		transient("reset before", reset),
		transient("closed before the header", fails(errEOF)),
		transient("closed after the effect", after(fails(errEOF))),
		transient("HTTP/2 goes away", after(fails(errGoAway))),
		transient("timeout before the effect", hang),
		transient("timeout after the effect", after(hang)),
		transient("cut body", spoiled(cutBody)),
		transient("body never ends coming", spoiled(stalledBody)),
		transient("corrupt gzip", spoiled(corruptGzip)),
		{name: "connection refused", fate: unsent, kind: wagraph.ErrTransient, strike: fails(errDial)},
		{name: "host unknown", fate: unsent, kind: wagraph.ErrTransient, strike: fails(errDNS)},
		{name: "certificate of somebody else", fate: refused, kind: wagraph.ErrTransient, strike: fails(errCertificate)},
		{name: "slow body", fate: harmless, strike: spoiled(slowBody)},
	}
}

const (
	page  = "<html><head><title>502</title></head><body>Bad Gateway</body></html>"
	jsonT = "application/json; charset=UTF-8"
	htmlT = "text/html"
)

// bodies: an answer comes, and is not what it should be.
func bodies() []*fault {
	bad := func(name string, f fate, strike func(*wire, *http.Request, []byte) (*http.Response, error)) *fault {
		return &fault{name: name, fate: f, kind: wagraph.ErrBadResponse, strike: strike}
	}
	return []*fault{
		{name: "HTML 502", fate: passing, kind: wagraph.ErrTransient, strike: answers(502, htmlT, page)},
		{name: "HTML 502 after the effect", fate: passing, kind: wagraph.ErrTransient, strike: after(answers(502, htmlT, page))},
		{name: "empty 503", fate: passing, kind: wagraph.ErrTransient, strike: answers(503, "", "")},
		{name: "HTML 504 after the effect", fate: passing, kind: wagraph.ErrTransient, strike: after(answers(504, htmlT, page))},
		{name: "HTML 403", fate: refused, kind: wagraph.ErrPermission, strike: answers(403, htmlT, page)},
		bad("HTML 400", refused, answers(400, htmlT, page)),
		bad("HTML 200", passing, answers(200, htmlT, page)),
		bad("HTML 200 after the effect", passing, after(answers(200, htmlT, page))),
		bad("empty 200", passing, after(answers(200, jsonT, ""))),
		bad("null 200", passing, after(answers(200, jsonT, " null\n"))),
		bad("empty 204", passing, after(answers(204, "", ""))),
		bad("304", refused, answers(304, "", "")),
		bad("101", passing, answers(101, "", "")),
		{name: "a success that says no", fate: refused, kind: wagraph.ErrUnclassified, strike: answers(200, jsonT, `{"success":"false"}`)},
		bad("truncated JSON", passing, spoiled(truncated)),
		bad("JSON with a page behind it", passing, spoiled(trailed)),
		bad("deeply nested JSON", passing, after(answers(200, jsonT, nested))),
		bad("a bare number", lasting, after(answers(200, jsonT, "42"))),
		bad("wrong types", lasting, spoiled(wrongTypes)),
		{name: "values in the wrong places", fate: anything, kind: wagraph.ErrBadResponse, strike: spoiled(rotated)},
		bad("endless body", lasting, after(endless)),
		bad("gzip bomb", lasting, after(gzipBomb)),
		bad("redirect to another host", refused, redirects(302, "https://attacker.example/v25.0/me")),
		bad("redirect of the body too", refused, redirects(307, "https://attacker.example/v25.0/me")),
		bad("redirect to the same host", refused, redirects(301, "/v25.0/me")),
		bad("redirect to nowhere", refused, redirects(302, "https://attacker.example/%zz")),
		{name: "garbage in the headers", fate: harmless, strike: headers(garbage())},
	}
}

// refusals: Meta says no.
func refusals() []*fault {
	says := func(status, code int, kind wagraph.Kind, f fate) *fault {
		return &fault{name: named(status, code), fate: f, kind: kind, strike: graphError(status, code, nil)}
	}
	throttled := func(name string, f fate, wait time.Duration, header http.Header) *fault {
		return &fault{name: name, fate: f, kind: wagraph.ErrThrottled, wait: wait, strike: graphError(400, 80008, header)}
	}
	return []*fault{
		throttled("throttle", unsent, 0, nil),
		throttled("throttle of 5 s", unsent, 5*time.Second, http.Header{"Retry-After": {"5"}}),
		throttled("throttle of 19 min", refused, 19*time.Minute, http.Header{"X-Business-Use-Case-Usage": {regain(19)}}),
		throttled("throttle of a day", refused, 24*time.Hour, http.Header{"Retry-After": {"86400"}}),
		{name: "throttle in HTML", fate: unsent, kind: wagraph.ErrThrottled, strike: answers(429, htmlT, page)},
		says(500, 1, wagraph.ErrTransient, passing),
		says(500, 2, wagraph.ErrTransient, passing),
		says(200, 2, wagraph.ErrTransient, passing),
		says(400, 4, wagraph.ErrThrottled, unsent),
		says(200, 4, wagraph.ErrThrottled, unsent),
		says(400, 190, wagraph.ErrAuth, refused),
		says(200, 190, wagraph.ErrAuth, refused),
		says(400, 100, wagraph.ErrInvalid, refused),
		says(403, 200, wagraph.ErrPermission, refused),
		says(400, 368, wagraph.ErrAccountState, refused),
		says(400, 133016, wagraph.ErrWait, refused),
		says(400, 999999, wagraph.ErrUnclassified, refused),
	}
}

// echoes: what was sent comes back, as Meta and gateways quote it.
func echoes() []*fault {
	return []*fault{
		{name: "an error that quotes", fate: refused, kind: wagraph.ErrAuth, strike: quoting},
		{name: "an error text that quotes", fate: refused, kind: wagraph.ErrAuth, strike: quotingText},
		{name: "an answer that quotes", fate: lasting, kind: wagraph.ErrBadResponse, strike: after(quotingAnswer)},
		{name: "a page that quotes", fate: passing, kind: wagraph.ErrTransient, strike: quotingPage},
		{name: "headers that quote", fate: passing, kind: wagraph.ErrTransient, strike: quotingHeaders},
		{name: "a network error that quotes", fate: passing, kind: wagraph.ErrTransient, strike: quotingNetwork},
		{name: "a redirect that quotes", fate: refused, kind: wagraph.ErrBadResponse, strike: quotingRedirect},
	}
}
