package graphsim

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Call is one request as the simulator saw it. The value of a secret parameter is
// replaced by "[redacted]"; its name stays.
type Call struct {
	Seq    int         `json:"seq"`
	Time   time.Time   `json:"time"`
	Method string      `json:"method"` // after a method override
	Route  string      `json:"route"`  // template, without method and version
	Path   string      `json:"path"`   // as sent
	IDs    []string    `json:"ids,omitempty"`
	Query  url.Values  `json:"query,omitempty"`
	Form   url.Values  `json:"form,omitempty"` // form, multipart or JSON body, lists and maps as JSON text
	Header http.Header `json:"header,omitempty"`
	// TokenKind is app, user, system_user or business. It is empty without a token, and
	// "unknown" for a token that never existed.
	TokenKind string `json:"token_kind,omitempty"`
	Batch     bool   `json:"batch,omitempty"` // one operation of a batch
	// Status, Code and Subcode are what the answer says, also if the answer was lost.
	// Outcome is answered, lost, cut, reset, timed out or cancelled. All four are set
	// when the call ends.
	Status  int    `json:"status"`
	Code    int    `json:"code,omitempty"`
	Subcode int    `json:"subcode,omitempty"`
	Outcome string `json:"outcome"`
	// Began and Ended are places in one series of events, in which each call has two: its
	// arrival and its end. Ended is zero until the call ends. A call that ended before
	// another one began has the smaller Ended.
	Began int `json:"began"`
	Ended int `json:"ended,omitempty"`
	// Effect is true once a call that writes was carried out, also if its answer was lost
	// or replaced. A write of what is set already counts. A call that was refused has no
	// effect, though it can spend an attempt.
	Effect bool `json:"effect,omitempty"`
}

// Param returns a parameter of the body or the query. The body wins.
func (c *Call) Param(name string) string {
	return params{query: c.Query, form: c.Form}.get(name)
}

// redacted is logged in place of a secret.
const redacted = "[redacted]"

// secretParams are the parameters whose values are never logged.
var secretParams = []string{"access_token", "input_token", "client_secret", "code", "appsecret_proof", "fb_exchange_token",
	"revoke_token", "verify_token", "pin", "batch", "backup", "webhook_configuration"}

// Calls returns a copy of the log, in the order in which the calls arrived.
func (s *Sim) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Call, len(s.calls))
	for i, c := range s.calls {
		list[i] = *c
	}
	return list
}

// record adds a call to the log.
func (s *Sim) record(c *call) *Call {
	s.seq++
	s.events++
	rec := &Call{Seq: s.seq, Began: s.events, Time: c.now, Method: c.method, Route: c.route, Path: c.req.path, IDs: slices.Clone(c.ids),
		Query: redact(c.params.query), Form: redact(c.params.form), Header: redactHeader(c.req.header), Batch: c.req.batch}
	switch {
	case c.token != nil:
		rec.TokenKind = string(c.token.kind)
	case c.tokenText != "":
		rec.TokenKind = "unknown"
	}
	if !s.cfg.ForgetCalls {
		s.calls = append(s.calls, rec)
	}
	c.rec = rec
	return rec
}

// closeRecord completes the entry of a call. Readers copy entries under the lock.
func (s *Sim) closeRecord(rec *Call, rep reply, outcome string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events++
	rec.Status, rec.Code, rec.Subcode, rec.Outcome, rec.Ended = rep.status, rep.code, rep.sub, outcome, s.events
}

func redact(v url.Values) url.Values {
	out := make(url.Values, len(v))
	for name, values := range v {
		base, _, _ := strings.Cut(name, "[")
		if slices.Contains(secretParams, base) {
			values = []string{redacted}
		}
		out[name] = slices.Clone(values)
	}
	return out
}

// redactHeader keeps the scheme, so that a test can see how the token was sent.
func redactHeader(h http.Header) http.Header {
	out := maps.Clone(h)
	if out == nil {
		return http.Header{}
	}
	for _, name := range []string{"Cookie", "Proxy-Authorization"} {
		out.Del(name)
	}
	if scheme, _, ok := strings.Cut(h.Get("Authorization"), " "); ok {
		out.Set("Authorization", scheme+" "+redacted)
	}
	return out
}
