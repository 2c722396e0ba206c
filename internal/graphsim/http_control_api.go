package graphsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// controlPrefix is the path of the control API. The API is for people and programs that
// reach the simulator over a socket; Go tests call the methods instead.
const controlPrefix = "/__sim/"

// control answers the control API. It asks for no token, because the simulator holds
// nothing real.
func (s *Sim) control(r *request) reply {
	switch r.method + " " + strings.TrimPrefix(r.path, controlPrefix) {
	case "POST signup":
		return s.controlSignup(r.body)
	case "POST faults":
		return s.controlFault(r.body)
	case "DELETE faults":
		s.clearFaults()
		return controlReply(http.StatusOK, map[string]any{"success": true})
	case "POST clock":
		return s.controlClock(r.body)
	case "GET clock":
		return controlReply(http.StatusOK, map[string]any{"now": s.Now().UTC().Format(time.RFC3339)})
	case "GET state":
		return controlReply(http.StatusOK, s.Dump())
	case "GET calls":
		return controlReply(http.StatusOK, s.Calls())
	// No other answer contains the tokens that a client starts with.
	case "GET world":
		return controlReply(http.StatusOK, s.World())
	}
	return controlError(http.StatusNotFound, "the control API has POST signup, POST and DELETE faults, POST and GET clock, GET state, GET calls, GET world")
}

// controlReply writes plain JSON. These answers are the simulator's own, so they carry
// none of Graph's headers.
func controlReply(status int, v any) reply {
	body, err := json.Marshal(v)
	if err != nil {
		return controlError(http.StatusInternalServerError, err.Error())
	}
	return reply{status: status, header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}, body: body, cut: -1}
}

func controlError(status int, why string) reply {
	return controlReply(status, map[string]string{"error": why})
}

// readControl decodes a body strictly: a misspelt key must not count as a default.
func readControl(body []byte, into any) error {
	if strings.TrimSpace(string(body)) == "" {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// signupRequest is the JSON form of SignupSpec.
type signupRequest struct {
	BusinessID       string   `json:"business_id"`
	BusinessName     string   `json:"business_name"`
	WABAID           string   `json:"waba_id"`
	WABAs            int      `json:"wabas"`
	Numbers          int      `json:"numbers"`
	Variant          Variant  `json:"variant"`
	TokenLifetime    duration `json:"token_lifetime"`
	CodeVerification string   `json:"code_verification_status"`
	NameStatus       string   `json:"name_status"`
	Drift            Drift    `json:"drift"`
	Currency         string   `json:"currency"`
	Country          string   `json:"country"`
	PIN              string   `json:"pin"`
	RedirectURI      string   `json:"redirect_uri"`
	PreVerifiedID    string   `json:"preverified_id"`
}

// maxSignedUp is the limit for the accounts of one signup, and for the numbers of each.
// They are made while the caller waits. Config makes bigger worlds.
const maxSignedUp = 1000

// check refuses sizes and times that only a program in the same process may use.
// Sim.Signup checks the rest.
func (r signupRequest) check() error {
	switch {
	case r.WABAs < 0 || r.WABAs > maxSignedUp || r.Numbers < 0 || r.Numbers > maxSignedUp:
		return fmt.Errorf("wabas and numbers are 0 to %d", maxSignedUp)
	case r.TokenLifetime < 0 || time.Duration(r.TokenLifetime) > maxAhead:
		return errors.New("token_lifetime is a time such as \"1440h\", of 100 years at most")
	}
	return nil
}

// duration reads "72h" as Go writes it.
type duration time.Duration

func (d *duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = duration(v)
	return err
}

func (s *Sim) controlSignup(body []byte) reply {
	var r signupRequest
	if err := readControl(body, &r); err != nil {
		return controlError(http.StatusBadRequest, err.Error())
	}
	if err := r.check(); err != nil {
		return controlError(http.StatusBadRequest, err.Error())
	}
	out, err := s.Signup(SignupSpec{BusinessID: r.BusinessID, BusinessName: r.BusinessName, WABAID: r.WABAID, WABAs: r.WABAs, Numbers: r.Numbers,
		Variant: r.Variant, TokenLifetime: time.Duration(r.TokenLifetime), CodeVerification: r.CodeVerification, NameStatus: r.NameStatus,
		Drift: r.Drift, Currency: r.Currency, Country: r.Country, PIN: r.PIN, RedirectURI: r.RedirectURI, PreVerifiedID: r.PreVerifiedID})
	if err != nil {
		return controlError(http.StatusBadRequest, err.Error())
	}
	return controlReply(http.StatusOK, out)
}

// faultRequest is the JSON form of a Fault on a route, for a number of calls.
type faultRequest struct {
	Route       string            `json:"route"`
	Times       int               `json:"times"` // 0: every call
	Delay       duration          `json:"delay"`
	After       bool              `json:"after"`
	Status      int               `json:"status"`
	Code        int               `json:"code"`
	Subcode     int               `json:"subcode"`
	Message     string            `json:"message"`
	UserTitle   string            `json:"user_title"`
	UserMessage string            `json:"user_message"`
	Details     string            `json:"details"`
	Transient   bool              `json:"transient"`
	RegainAfter duration          `json:"regain_after"`
	Body        *string           `json:"body"`
	ContentType string            `json:"content_type"`
	Header      map[string]string `json:"header"`
	Redirect    string            `json:"redirect"`
	ResetBefore bool              `json:"reset_before"`
	LoseReply   bool              `json:"lose_reply"`
	CutBody     int               `json:"cut_body"`
	NullOp      bool              `json:"null_op"`
}

func (r faultRequest) fault() *Fault {
	f := &Fault{Delay: time.Duration(r.Delay), After: r.After, Status: r.Status, Code: r.Code, Subcode: r.Subcode, Message: r.Message,
		UserTitle: r.UserTitle, UserMessage: r.UserMessage, Details: r.Details, Transient: r.Transient, RegainAfter: time.Duration(r.RegainAfter),
		ContentType: r.ContentType, Redirect: r.Redirect, ResetBefore: r.ResetBefore, LoseReply: r.LoseReply, CutBody: r.CutBody, NullOp: r.NullOp}
	if r.Body != nil {
		f.Body = []byte(*r.Body)
	}
	for name, v := range r.Header {
		if f.Header == nil {
			f.Header = http.Header{}
		}
		f.Header.Set(name, v)
	}
	return f
}

// controlFault sets a fault. It refuses routes that do not exist, as Control does.
func (s *Sim) controlFault(body []byte) reply {
	var r faultRequest
	if err := readControl(body, &r); err != nil {
		return controlError(http.StatusBadRequest, err.Error())
	}
	if !s.schema.knowsRoute(placeholderAliases.Replace(r.Route)) {
		return controlError(http.StatusBadRequest, "there is no route "+r.Route+"; templates look like GET /{waba-id}/phone_numbers")
	}
	fault := r.fault()
	switch err := fault.Check(); {
	case err != nil:
		return controlError(http.StatusBadRequest, err.Error())
	case fault.idle():
		return controlError(http.StatusBadRequest, "the fault does nothing: give it a status, code, body, delay, lose_reply or the like")
	case r.Times < 0:
		return controlError(http.StatusBadRequest, "times is how many calls it happens to, 0 for every call; it cannot be negative")
	}
	s.addHook(&hook{route: placeholderAliases.Replace(r.Route), remote: true, times: r.Times, fn: func(*Call) *Fault { return fault }})
	return controlReply(http.StatusOK, map[string]any{"success": true})
}

func (s *Sim) controlClock(body []byte) reply {
	var r struct {
		Advance duration `json:"advance"`
	}
	if err := readControl(body, &r); err != nil {
		return controlError(http.StatusBadRequest, err.Error())
	}
	if err := s.advanceBy(time.Duration(r.Advance)); err != nil {
		return controlError(http.StatusBadRequest, err.Error())
	}
	return controlReply(http.StatusOK, map[string]any{"now": s.Now().UTC().Format(time.RFC3339)})
}
