package promises_test

import (
	"net/http"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// outcome is how a call ends that meets a fault.
type outcome int

const (
	// succeedsAnyway: the call succeeds in spite of the fault.
	succeedsAnyway outcome = iota
	// unknownOnce: the caller does not know whether Meta processed the call.
	// Another attempt can succeed.
	unknownOnce
	// unknownAlways: the caller does not know whether Meta processed the call.
	// Another attempt meets the same fault.
	unknownAlways
	// notProcessed: Meta did not process the call. Another attempt can succeed.
	notProcessed
	// refused: Meta did not process the call, and another attempt does not help.
	refused
	// anyOutcome: the call can succeed or fail. If it fails, the error is typed.
	anyOutcome
)

// fault is something that goes wrong with one attempt.
type fault struct {
	name    string
	outcome outcome
	kind    graph.Kind    // of the error, if the call may be repeated and meets the fault each time
	wait    time.Duration // Error.RetryAfter
	// answer answers in the simulator's place, or changes the simulator's answer.
	answer func(w *wire, req *http.Request, body []byte) (*http.Response, error)
	// applies says which calls can meet the fault; nil for all.
	applies func(c *call) bool
	// meets says which requests of the call meet it; nil for all.
	meets func(req *http.Request) bool
}

// class says whether a call may be repeated after a failure.
type class int

const (
	reads      class = iota // it changes nothing
	idempotent              // twice leaves the same state as once
	guarded                 // it is repeated only if Meta said that it was not processed
	once                    // it is never repeated
)

// allowedEnds returns the kinds of errors that a call may end with, and whether
// it may succeed.
func (f *fault) allowedEnds(c class, always bool) (kinds []graph.Kind, succeeds bool) {
	repeatable := c == reads || c == idempotent
	switch f.outcome {
	case succeedsAnyway:
		return nil, true
	case refused:
		return []graph.Kind{f.kind}, false
	case notProcessed:
		if c == once || always {
			return []graph.Kind{f.kind}, false
		}
		return nil, true
	case unknownOnce:
		switch {
		case !repeatable:
			return []graph.Kind{graph.ErrOutcomeUnknown}, false
		case always:
			return []graph.Kind{f.kind}, false
		}
		return nil, true
	case unknownAlways:
		if !repeatable {
			return []graph.Kind{graph.ErrOutcomeUnknown}, false
		}
		return []graph.Kind{f.kind}, false
	}
	return []graph.Kind{f.kind, graph.ErrOutcomeUnknown, graph.ErrUnclassified}, true
}

// faultsOf returns the faults that a call can meet.
func faultsOf(c *call) []*fault {
	return slices.DeleteFunc(faults(), func(f *fault) bool { return f.applies != nil && !f.applies(c) })
}

// faults returns all faults. Some are there twice: before the call takes effect,
// and after it.
func faults() []*fault {
	all := connectionFaults()
	all = append(all, bodyFaults()...)
	all = append(all, unreadableBodies()...)
	all = append(all, wrongAnswers()...)
	all = append(all, graphRefusals()...)
	return append(all, quotingServers()...)
}

// connectionFaults are broken connections and timeouts.
func connectionFaults() []*fault {
	transient := func(name string, answer func(*wire, *http.Request, []byte) (*http.Response, error)) *fault {
		return &fault{name: name, outcome: unknownOnce, kind: graph.ErrTransient, answer: answer}
	}
	return []*fault{
		transient("lost reply", after(reset)),
		transient("reset before", reset),
		transient("closed before the header", fails(errEOF)),
		transient("closed after the effect", after(fails(errEOF))),
		transient("HTTP/2 goes away", after(fails(errGoAway))),
		transient("timeout before the effect", hang),
		transient("timeout after the effect", after(hang)),
		transient("cut body", withBody(cutBody)),
		transient("body stalls", withBody(stalledBody)),
		transient("corrupt gzip", withBody(corruptGzip)),
		{name: "connection refused", outcome: notProcessed, kind: graph.ErrTransient, answer: fails(errDial)},
		{name: "host unknown", outcome: notProcessed, kind: graph.ErrTransient, answer: fails(errDNS)},
		{name: "certificate of another host", outcome: refused, kind: graph.ErrTransient, answer: fails(errCertificate)},
		{name: "slow body", outcome: succeedsAnyway, answer: withBody(slowBody)},
	}
}

const (
	page  = "<html><head><title>502</title></head><body>Bad Gateway</body></html>"
	jsonT = "application/json; charset=UTF-8"
	htmlT = "text/html"
)

// bodyFaults are answers that are not what Graph sends.
func bodyFaults() []*fault {
	bad := func(name string, f outcome, answer func(*wire, *http.Request, []byte) (*http.Response, error)) *fault {
		return &fault{name: name, outcome: f, kind: graph.ErrBadResponse, answer: answer}
	}
	return []*fault{
		{name: "HTML 502", outcome: unknownOnce, kind: graph.ErrTransient, answer: answers(502, htmlT, page)},
		{name: "HTML 502 after the effect", outcome: unknownOnce, kind: graph.ErrTransient, answer: after(answers(502, htmlT, page))},
		{name: "empty 503", outcome: unknownOnce, kind: graph.ErrTransient, answer: answers(503, "", "")},
		{name: "HTML 504 after the effect", outcome: unknownOnce, kind: graph.ErrTransient, answer: after(answers(504, htmlT, page))},
		{name: "HTML 403", outcome: refused, kind: graph.ErrPermission, answer: answers(403, htmlT, page)},
		bad("HTML 400", refused, answers(400, htmlT, page)),
		bad("HTML 200", unknownOnce, answers(200, htmlT, page)),
		bad("HTML 200 after the effect", unknownOnce, after(answers(200, htmlT, page))),
		bad("empty 200", unknownOnce, after(answers(200, jsonT, ""))),
		bad("null 200", unknownOnce, after(answers(200, jsonT, " null\n"))),
		bad("empty 204", unknownOnce, after(answers(204, "", ""))),
		bad("304", refused, answers(304, "", "")),
		bad("101", unknownOnce, answers(101, "", "")),
		{name: "success is false in a 200", outcome: refused, kind: graph.ErrUnclassified, answer: answers(200, jsonT, `{"success":"false"}`)},
		bad("truncated JSON", unknownOnce, withBody(truncated)),
		bad("JSON with HTML behind it", unknownOnce, withBody(withTrailingPage)),
		bad("deeply nested JSON", unknownOnce, after(answers(200, jsonT, nested))),
		bad("a bare number", unknownAlways, after(answers(200, jsonT, "42"))),
		bad("wrong types", unknownAlways, withBody(wrongTypes)),
		{name: "values in the wrong places", outcome: anyOutcome, kind: graph.ErrBadResponse, answer: withBody(rotatedValues)},
		bad("endless body", unknownAlways, after(endless)),
		bad("gzip bomb", unknownAlways, after(gzipBomb)),
		bad("redirect to another host", refused, redirects(302, "https://attacker.example/v25.0/me")),
		bad("redirect that keeps the body", refused, redirects(307, "https://attacker.example/v25.0/me")),
		bad("redirect to the same host", refused, redirects(301, "/v25.0/me")),
		bad("redirect to a bad address", refused, redirects(302, "https://attacker.example/%zz")),
		{name: "garbage in the headers", outcome: succeedsAnyway, answer: headers(garbage())},
	}
}

// graphRefusals are error objects that Graph sends.
func graphRefusals() []*fault {
	says := func(status, code int, kind graph.Kind, f outcome) *fault {
		return &fault{name: codeName(status, code), outcome: f, kind: kind, answer: graphError(status, code, nil)}
	}
	throttled := func(name string, f outcome, wait time.Duration, header http.Header) *fault {
		return &fault{name: name, outcome: f, kind: graph.ErrThrottled, wait: wait, answer: graphError(400, 80008, header)}
	}
	return []*fault{
		throttled("throttle", notProcessed, 0, nil),
		throttled("throttle of 5 s", notProcessed, 5*time.Second, http.Header{"Retry-After": {"5"}}),
		throttled("throttle of 19 min", refused, 19*time.Minute, http.Header{"X-Business-Use-Case-Usage": {regainHeader(19)}}),
		throttled("throttle of a day", refused, 24*time.Hour, http.Header{"Retry-After": {"86400"}}),
		{name: "throttle in HTML", outcome: notProcessed, kind: graph.ErrThrottled, answer: answers(429, htmlT, page)},
		says(500, 1, graph.ErrTransient, unknownOnce),
		says(500, 2, graph.ErrTransient, unknownOnce),
		says(200, 2, graph.ErrTransient, unknownOnce),
		says(400, 4, graph.ErrThrottled, notProcessed),
		says(200, 4, graph.ErrThrottled, notProcessed),
		says(400, 190, graph.ErrAuth, refused),
		says(200, 190, graph.ErrAuth, refused),
		says(400, 100, graph.ErrInvalid, refused),
		says(403, 200, graph.ErrPermission, refused),
		says(400, 368, graph.ErrAccountState, refused),
		says(400, 133016, graph.ErrWait, refused),
		says(400, 999999, graph.ErrUnclassified, refused),
	}
}

// quotingServers are answers that quote what the request carried, as Meta and
// gateways do.
func quotingServers() []*fault {
	return []*fault{
		{name: "an error that quotes", outcome: refused, kind: graph.ErrAuth, answer: quoting},
		{name: "an error text that quotes", outcome: refused, kind: graph.ErrAuth, answer: quotingText},
		{name: "an answer that quotes", outcome: unknownAlways, kind: graph.ErrBadResponse, answer: after(quotingAnswer)},
		{name: "a page that quotes", outcome: unknownOnce, kind: graph.ErrTransient, answer: quotingPage},
		{name: "headers that quote", outcome: unknownOnce, kind: graph.ErrTransient, answer: quotingHeaders},
		{name: "a network error that quotes", outcome: unknownOnce, kind: graph.ErrTransient, answer: quotingNetwork},
		{name: "a redirect that quotes", outcome: refused, kind: graph.ErrBadResponse, answer: quotingRedirect},
	}
}
