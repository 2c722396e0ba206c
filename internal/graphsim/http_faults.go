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

// Fault is what a hook makes of a call. Its zero value changes nothing; every field
// may be combined with the others.
//
// An answer of the fault's own (Status, Code, Message, Body or Redirect) normally
// replaces the call, which then has no effect; with After the effect happens first.
type Fault struct {
	// Delay passes before the effect, or with After between the effect and the
	// answer. The lock is not held and the request's context is honoured.
	Delay time.Duration
	// After lets the call take effect before the fault answers or delays.
	After bool

	// Status is the HTTP status; zero means the status the code has on the wire, or
	// 200 for a raw Body. A Status without Code, Message and Body sends an empty body.
	Status                 int
	Code, Subcode          int
	Type                   string // empty: OAuthException
	Message                string // without "(#code)", which is put in front; empty: one that says it is simulated
	UserTitle, UserMessage string
	Details                string // error_data.details
	Transient              bool
	// RegainAfter goes into the usage header as estimated_time_to_regain_access, in
	// minutes, rounded up.
	RegainAfter time.Duration

	// Body is sent as it is, as ContentType (empty: JSON): HTML, a cut document.
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
	// CutBody lets the effect happen and delivers that many bytes of the body before
	// the connection dies.
	CutBody int
	// NullOp makes an operation of a batch come back as null, as if the batch had run
	// out of time; with After its effect happened. Outside a batch it does nothing.
	NullOp bool
}

// answers tells whether the fault has an answer of its own.
func (f *Fault) answers() bool {
	return f.Status != 0 || f.Code != 0 || f.Message != "" || f.Body != nil || f.Redirect != "" || f.NullOp
}

// fitting drops what makes no sense for a request: only a batch has slots.
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

// spoil applies what does not replace the answer but harms or adorns it.
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

// The statuses that can end an exchange: those below are announcements, after which
// a client waits on, and none above has a meaning.
const (
	lowestStatus  = http.StatusOK
	highestStatus = 599
)

// Check tells why the fault cannot happen: net/http panics over such a status, in the
// middle of a call.
func (f *Fault) Check() error {
	switch {
	case f.Status != 0 && (f.Status < lowestStatus || f.Status > highestStatus):
		return fmt.Errorf("the status of a fault is %d to %d, got %d", lowestStatus, highestStatus, f.Status)
	case f.Delay < 0 || f.RegainAfter < 0 || f.CutBody < 0:
		return errors.New("the times and lengths of a fault cannot be negative")
	}
	return nil
}

// idle tells whether nothing would come of the fault.
func (f *Fault) idle() bool {
	return !f.answers() && f.Delay == 0 && !f.ResetBefore && !f.LoseReply && f.CutBody == 0 && len(f.Header) == 0
}
