package graphsim

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"time"
)

// reply is an answer, and how it is delivered: a fault can cut the connection.
type reply struct {
	status int
	header http.Header
	body   []byte
	code   int // Graph's error code, for the log
	sub    int
	reset  bool // the connection is reset without an answer
	cut    int  // bytes of body before the connection ends; negative for all
	null   bool // in a batch: this operation is answered with null
}

// serve takes one request through the pipeline. It returns an error only if the context
// ended during a delay.
func (s *Sim) serve(ctx context.Context, r *request) (reply, error) {
	s.mu.Lock()
	c := s.newCall(r)
	rec := s.record(c)
	seen := *rec
	hooks := s.hooksFor(rec)
	s.mu.Unlock()

	fault := s.fire(hooks, &seen).fitting(r)
	if err := fault.wait(ctx, false); err != nil {
		s.closeRecord(rec, reply{}, "cancelled")
		return reply{}, err
	}
	if fault.ResetBefore {
		rep := reply{reset: true}
		s.closeRecord(rec, rep, "reset")
		return rep, nil
	}
	var rep reply
	if fault.answers() && !fault.After {
		rep = s.faultReply(c, fault)
	} else {
		var err error
		if rep, err = s.answer(ctx, c); err != nil {
			s.closeRecord(rec, rep, "cancelled")
			return reply{}, err
		}
		if fault.answers() {
			rep = s.faultReply(c, fault)
		}
	}
	fault.spoil(&rep)
	if err := fault.wait(ctx, true); err != nil {
		s.closeRecord(rec, rep, "cancelled")
		return reply{}, err
	}
	s.closeRecord(rec, rep, rep.outcome())
	return rep, nil
}

// outcome returns what the log says of a reply.
func (r reply) outcome() string {
	switch {
	case r.reset:
		return "lost"
	case r.cut >= 0 && r.cut < len(r.body):
		return "cut"
	case r.null:
		return "timed out"
	}
	return "answered"
}

// answer executes a call. A batch runs without the lock, because its operations pass
// through the pipeline themselves.
func (s *Sim) answer(ctx context.Context, c *call) (reply, error) {
	if c.isBatch() && c.err == nil {
		return s.runBatch(ctx, c)
	}
	c.verifyOverride()
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := c.execute()
	return s.render(c, v, err), nil
}

// render writes an answer or an error, with Graph's headers.
func (s *Sim) render(c *call, v any, err *apiError) reply {
	trace := s.newTrace()
	rep := reply{status: http.StatusOK, header: s.baseHeader(c, trace), cut: -1}
	if err != nil {
		rep.status, rep.code, rep.sub = err.httpStatus(), err.code, err.subcode
		v = err.body(trace)
		if err.kindOr() == oauthException {
			rep.header.Set("Www-Authenticate", err.challenge())
		}
		if err.regain > 0 {
			c.regainHeader(rep.header, err.regain)
		}
	}
	rep.body = encoder{s.cfg.NumericIDs}.bytes(v)
	if c.params.get("pretty") == "1" || c.params.get("pretty") == "true" {
		rep.body = indent(rep.body)
	}
	if err == nil && c.method == "GET" {
		s.tag(c, &rep)
	}
	return rep
}

func indent(body []byte) []byte {
	var v json.RawMessage = body
	pretty, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return body
	}
	return pretty
}

// tag sets the ETag, and answers 304 to a client that has this answer. The tag covers
// only the body; Graph's also depends on parameters for the format.
func (s *Sim) tag(c *call, rep *reply) {
	h := fnv.New64a()
	h.Write(rep.body)
	etag := fmt.Sprintf(`"%x"`, h.Sum(nil))
	rep.header.Set("Etag", etag)
	if c.req.header.Get("If-None-Match") == etag {
		rep.status, rep.body = http.StatusNotModified, nil
	}
}

// baseHeader returns the headers that Meta's support asks for: the version that
// answered and the trace ids.
func (s *Sim) baseHeader(c *call, trace string) http.Header {
	h := http.Header{
		"Content-Type":         {"application/json; charset=UTF-8"},
		"Cache-Control":        {"private, no-cache, no-store, must-revalidate"},
		"Facebook-Api-Version": {c.version.String()},
		"X-Fb-Trace-Id":        {trace},
		"X-Fb-Request-Id":      {base64.RawURLEncoding.EncodeToString([]byte(trace))[:22]},
		"X-Fb-Rev":             {"1014000000"},
		"X-Fb-Debug":           {base64.StdEncoding.EncodeToString([]byte(trace))},
	}
	c.usageHeaders(h)
	return h
}

// verifyOverride calls Config.VerifyCallback in place of Meta's verification request.
// It runs before the lock is taken, because the callback may use the simulator.
func (c *call) verifyOverride() {
	verify := c.sim.cfg.VerifyCallback
	uri := c.params.get("override_callback_uri")
	if verify == nil || c.method != "POST" || uri == "" || c.err != nil {
		return
	}
	if err := verify(uri, c.params.get("verify_token")); err != nil {
		c.fail(&apiError{code: 2200, message: numbered(2200, "Callback verification failed with the following errors: "+err.Error())})
	}
}

// wait waits without the lock. It ends early with the context.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
