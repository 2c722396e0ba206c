package graphtest

import (
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// Call is one request as the Server saw it. Secrets in it read [redacted].
type Call struct {
	Seq    int
	Time   time.Time
	Method string
	Route  string // template, without method and version
	Path   string // as sent
	IDs    []string
	Query  url.Values
	Form   url.Values // form, multipart or JSON body, lists and maps as JSON text
	Header http.Header
	// TokenKind is app, user, system_user or business; "" without a token.
	TokenKind string
	Batch     bool // one op of a batch
	// Status, Code and Subcode are what was answered, or would have been when the
	// reply was lost. Outcome is answered, lost, cut, reset, timed out or cancelled.
	Status, Code, Subcode int
	Outcome               string
}

// Calls returns every call so far, in the order of arrival.
func (s *Server) Calls() []Call {
	seen := s.sim.Calls()
	calls := make([]Call, len(seen))
	for i := range seen {
		calls[i] = Call(seen[i])
	}
	return calls
}

// Fault is what happens to a call. Its zero value is nothing.
type Fault struct {
	// Delay passes before the effect or, with After, between it and the answer.
	Delay time.Duration
	// After lets the call take effect before the fault answers or delays.
	After bool

	// Status is the HTTP status; zero means the status that Code has on the
	// wire, or 200 for a raw Body. Alone it sends an empty body.
	Status                 int
	Code, Subcode          int
	Type                   string // empty: OAuthException
	Message                string // without "(#code)"
	UserTitle, UserMessage string
	Details                string // error_data.details
	Transient              bool
	// RegainAfter goes into the usage header, in whole minutes.
	RegainAfter time.Duration

	// Body is sent as it is, as ContentType (empty: JSON).
	Body        []byte
	ContentType string
	// Header is added to the answer, whatever it is.
	Header http.Header
	// Redirect answers 302 to that location.
	Redirect string

	// ResetBefore kills the connection before any effect.
	ResetBefore bool
	// LoseReply lets the effect happen and kills the connection before the answer.
	LoseReply bool
	// CutBody lets the effect happen and delivers that many bytes of the body.
	CutBody int
	// NullOp makes an op of a batch come back as null, as if it had run out of
	// time; with After its effect happened.
	NullOp bool
}

// Control shows each call of a route to fn before it is answered; a Fault that
// fn returns happens to it. The route is a method and a template,
// "POST /{phone-number-id}/register", or "" for every call. The latest hook is
// asked first. A route that does not exist panics, and so does a call for which
// fn returns a Fault that cannot happen: a Status below 200 or above 599, or a
// negative time or length.
func (s *Server) Control(route string, fn func(Call) *Fault) (remove func()) {
	return s.sim.Control(route, func(c *graphsim.Call) *graphsim.Fault {
		fault := fn(Call(*c))
		if fault == nil {
			return nil
		}
		inner := graphsim.Fault(*fault)
		return &inner
	})
}

// Once makes the fault happen to the next call of the route.
func (s *Server) Once(route string, fault Fault) { s.Times(route, 1, fault) }

// Times makes the fault happen to the next n calls of the route. A Fault that
// cannot happen, such as one with Status 99, panics at once.
func (s *Server) Times(route string, n int, fault Fault) {
	inner := graphsim.Fault(fault)
	if err := inner.Check(); err != nil {
		panic("graphtest: " + err.Error())
	}
	var seen atomic.Int64
	s.Control(route, func(Call) *Fault {
		if seen.Add(1) > int64(n) {
			return nil
		}
		return &fault
	})
}

// Throttle refuses the next n calls of the route over the account's quota. The
// wait is told in whole minutes; with 0 none is told.
func (s *Server) Throttle(route string, n int, wait time.Duration) {
	s.Times(route, n, Fault{Code: 80008, Message: "There have been too many calls to this WhatsApp Business account.", RegainAfter: wait})
}

// Fail refuses the next call of the route with a code and subcode of Meta's.
func (s *Server) Fail(route string, code, subcode int) {
	s.Once(route, Fault{Code: code, Subcode: subcode, Message: "Simulated failure"})
}

// LoseReply lets the next call of the route take effect, and its answer be lost.
func (s *Server) LoseReply(route string) { s.Once(route, Fault{LoseReply: true}) }

// CutBody cuts the answer to the next call of the route off after n bytes.
func (s *Server) CutBody(route string, n int) { s.Once(route, Fault{CutBody: n}) }

// Delay holds the next call of the route back before it takes effect.
func (s *Server) Delay(route string, d time.Duration) { s.Once(route, Fault{Delay: d}) }
