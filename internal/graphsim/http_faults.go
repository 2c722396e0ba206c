package graphsim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Fault is what a hook makes of a call. The zero value changes nothing, and the fields
// can be combined.
//
// A fault with a Status, Code, Message, Body or Redirect has an answer of its own. That
// answer normally replaces the call, which then has no effect. With After the effect
// happens first.
type Fault struct {
	// Delay passes before the effect, or, with After, between the effect and the
	// answer. The lock is not held, and the context of the request can end the delay.
	Delay time.Duration
	// After lets the call take effect before the fault answers or delays.
	After bool

	// Status is the HTTP status. Zero means the status that Meta sends with the code,
	// or 200 for a Body. A Status without Code, Message and Body sends an empty body.
	Status                 int
	Code, Subcode          int
	Type                   string // empty: OAuthException
	Message                string // without "(#code)", which is added; empty: a text that says it is simulated
	UserTitle, UserMessage string
	Details                string // error_data.details
	Transient              bool
	// RegainAfter goes into the usage header as estimated_time_to_regain_access, in
	// minutes, rounded up.
	RegainAfter time.Duration

	// Body is sent without change as ContentType (empty: JSON). It can be HTML or a
	// broken document.
	Body        []byte
	ContentType string
	// Header is added to every answer.
	Header http.Header
	// Redirect answers with status 302 and this location.
	Redirect string

	// ResetBefore resets the connection before the call takes effect.
	ResetBefore bool
	// LoseReply lets the call take effect and resets the connection before the answer.
	LoseReply bool
	// CutBody lets the call take effect and ends the connection after so many bytes of
	// the body.
	CutBody int
	// NullOp answers an operation of a batch with null, as if the batch ran out of
	// time. With After its effect happened. Outside a batch it does nothing.
	NullOp bool
}

// answers reports whether the fault has an answer of its own.
func (f *Fault) answers() bool {
	return f.Status != 0 || f.Code != 0 || f.Message != "" || f.Body != nil || f.Redirect != "" || f.NullOp
}

// fitting removes NullOp outside a batch, where there is no operation to answer.
func (f *Fault) fitting(r *request) *Fault {
	if !f.NullOp || r.batch {
		return f
	}
	other := *f
	other.NullOp = false
	return &other
}

func (f *Fault) wait(ctx context.Context, after bool) error {
	if f.After != after {
		return nil
	}
	return wait(ctx, f.Delay)
}

// spoil applies the parts of a fault that change an answer without replacing it.
func (f *Fault) spoil(rep *reply) {
	for name, values := range f.Header {
		rep.header[http.CanonicalHeaderKey(name)] = values
	}
	rep.reset = rep.reset || f.LoseReply
	if f.CutBody > 0 {
		rep.cut = f.CutBody
	}
}

// faultReply writes the fault's own answer.
func (s *Sim) faultReply(c *call, f *Fault) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.NullOp {
		return reply{status: http.StatusOK, header: http.Header{}, null: true, cut: -1}
	}
	if f.Code != 0 || f.Message != "" {
		e := &apiError{status: f.Status, code: f.Code, subcode: f.Subcode, kind: f.Type, message: cmp.Or(f.Message, "Simulated failure"), title: f.UserTitle,
			text: f.UserMessage, details: f.Details, transient: f.Transient, regain: f.RegainAfter}
		if f.Code != 0 && !strings.HasPrefix(e.message, "(#") && f.Code != 190 {
			e.message = numbered(f.Code, e.message)
		}
		return s.render(c, nil, e)
	}
	rep := reply{status: f.Status, header: s.baseHeader(c, s.newTrace()), body: f.Body, cut: -1}
	if rep.status == 0 {
		rep.status = http.StatusOK
	}
	if f.RegainAfter > 0 {
		c.regainHeader(rep.header, f.RegainAfter)
	}
	if f.ContentType != "" {
		rep.header.Set("Content-Type", f.ContentType)
	}
	if f.Redirect != "" {
		rep.status = http.StatusFound
		rep.header.Set("Location", f.Redirect)
	}
	return rep
}

// The statuses that can end an HTTP exchange. A status below 200 is an announcement,
// after which a client waits for another one. A status above 599 has no meaning.
const (
	lowestStatus  = http.StatusOK
	highestStatus = 599
)

// Check returns an error if the fault cannot happen. net/http panics on such a status
// in the middle of a call, so it is refused early.
func (f *Fault) Check() error {
	switch {
	case f.Status != 0 && (f.Status < lowestStatus || f.Status > highestStatus):
		return fmt.Errorf("the status of a fault is %d to %d, got %d", lowestStatus, highestStatus, f.Status)
	case f.Delay < 0 || f.RegainAfter < 0 || f.CutBody < 0:
		return errors.New("the times and lengths of a fault cannot be negative")
	}
	return nil
}

// idle reports whether the fault changes nothing.
func (f *Fault) idle() bool {
	return !f.answers() && f.Delay == 0 && !f.ResetBefore && !f.LoseReply && f.CutBody == 0 && len(f.Header) == 0
}
