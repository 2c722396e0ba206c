package graphtest

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// Fault describes what happens to a call. The zero value changes nothing. A Fault
// with a Status, Code, Message, Body or Redirect replaces the answer, and the call
// has no effect unless After is set.
type Fault struct {
	// Delay passes before the effect of the call, or, with After, between the
	// effect and the answer.
	Delay time.Duration
	// After lets the call take effect before the fault answers or delays.
	After bool

	// Status is the HTTP status, from 200 to 599. Zero means the status that Meta
	// sends with Code, or 200 for a Body. A Status alone has an empty body.
	Status int
	// Code and Subcode are the numbers of Graph's error.
	Code, Subcode int
	// Type is the type of the error; empty means OAuthException.
	Type string
	// Message is the text of the error, without the "(#code)" that Meta puts first.
	Message string
	// UserTitle and UserMessage are error_user_title and error_user_msg.
	UserTitle, UserMessage string
	// Details is error_data.details.
	Details string
	// Transient is is_transient.
	Transient bool
	// RegainAfter is the wait that the usage header names, in minutes, rounded up.
	RegainAfter time.Duration

	// Body is sent without change. Its type is ContentType; empty means JSON.
	Body        []byte
	ContentType string
	// Header is added to every answer, including the answer that Graph would send.
	Header http.Header
	// Redirect answers with status 302 and this location.
	Redirect string

	// ResetBefore resets the connection before the call takes effect.
	ResetBefore bool
	// LoseReply lets the call take effect and resets the connection before the
	// answer.
	LoseReply bool
	// CutBody lets the call take effect and ends the connection after so many
	// bytes of the answer's body. Zero means that the body is whole.
	CutBody int
	// NullOp answers an operation of a batch with null, as Meta does when the batch
	// ran out of time. With After the operation took effect. Outside a batch it
	// does nothing.
	NullOp bool
}

// Control calls fn for each call of a route before it is answered. A Fault that
// fn returns happens to the call; nil lets the call pass. Of several functions
// the newest is asked first. The function remove takes fn away again.
//
// A route is a method and a template, "POST /{phone-number-id}/register". A
// template alone stands for all methods, and "" for all calls. Control panics if
// the simulator has no such route, because fn would never be called. A call
// panics if fn returns a Fault that cannot happen: a Status below 200 or above
// 599, or a negative time or length. A nil fn lets all calls pass.
func (s *Server) Control(route string, fn func(Call) *Fault) (remove func()) {
	if s == nil {
		return func() {}
	}
	return s.simulator().Control(route, func(c *graphsim.Call) *graphsim.Fault {
		if fn == nil {
			return nil
		}
		fault := fn(Call(*c))
		if fault == nil {
			return nil
		}
		inner := graphsim.Fault(*fault)
		return &inner
	})
}

// Once makes the fault happen to the next call of the route. It panics as Times
// does.
func (s *Server) Once(route string, fault Fault) { s.Times(route, 1, fault) }

// Times makes the fault happen to the next n calls of the route. It panics if the
// simulator has no such route, and if the fault cannot happen; see Control.
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

// Throttle refuses the next n calls of the route with code 80008, as Meta does
// when an account has used up its quota. The answer names the wait, rounded up to
// minutes; with a wait of 0 it names none.
func (s *Server) Throttle(route string, n int, wait time.Duration) {
	s.Times(route, n, Fault{Code: 80008, Message: "There have been too many calls to this WhatsApp Business account.", RegainAfter: wait})
}

// Fail refuses the next call of the route with a code and a subcode of Graph.
func (s *Server) Fail(route string, code, subcode int) {
	s.Once(route, Fault{Code: code, Subcode: subcode, Message: "Simulated failure"})
}

// LoseReply lets the next call of the route take effect and resets the connection
// before the answer.
func (s *Server) LoseReply(route string) { s.Once(route, Fault{LoseReply: true}) }

// CutBody ends the connection after n bytes of the answer to the next call of the
// route. The call takes effect.
func (s *Server) CutBody(route string, n int) { s.Once(route, Fault{CutBody: n}) }

// Delay waits before the next call of the route takes effect.
func (s *Server) Delay(route string, d time.Duration) { s.Once(route, Fault{Delay: d}) }
