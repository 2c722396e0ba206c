package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
)

// story tells the run as it happens, and keeps what it told for -json. Nothing
// in it depends on the clock: against the simulator every run reads the same.
type story struct {
	w       io.Writer
	verbose bool // every attempt, too
	doc     document
	pending []callDoc // reads that are not told yet
}

// indent is where the account of a step stands, behind its number and name.
const indent = "              "

func (s *story) open(to *target.Target, opts options) {
	s.doc.Target, s.doc.Simulated, s.doc.Version = to.String(), to.Simulator != nil, to.Graph.Version()
	s.doc.Fault, s.doc.DryRun = opts.fault, opts.dryRun
	fmt.Fprintf(s.w, "Onboarding a client through %s, Graph %s\n", to, to.Graph.Version())
	if f, ok := findFault(opts.fault); ok {
		fmt.Fprintf(s.w, "Fault %s: %s\n", f.name, f.what)
	}
	if opts.dryRun {
		fmt.Fprintln(s.w, "Dry run: only reads")
	}
	fmt.Fprintln(s.w)
}

func (s *story) begin(name, purpose string) {
	s.doc.Steps = append(s.doc.Steps, stepDoc{Name: name, Purpose: purpose})
	fmt.Fprintf(s.w, "%2d %-10s %s\n", len(s.doc.Steps), name, purpose)
}

// step is the one that runs.
func (s *story) step() *stepDoc { return &s.doc.Steps[len(s.doc.Steps)-1] }

func (s *story) end(count meter.Count, err error) {
	s.flush()
	step := s.step()
	step.Done, step.Calls, step.RoundTrips = err == nil, count.Calls, count.RoundTrips
	if err != nil {
		s.line("stopped: %s", reason(err))
	}
}

// reason is what became of the step in two or three words; the error itself is
// for stderr, with what to do.
func reason(err error) string {
	if kind := wagraph.KindOf(err); kind != "" {
		return strings.ReplaceAll(string(kind), "_", " ")
	}
	return err.Error()
}

// say tells what was done.
func (s *story) say(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.step().Did = append(s.step().Did, text)
	s.line("%s", text)
}

// meta tells what Meta answered.
func (s *story) meta(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.step().Meta = append(s.step().Meta, text)
	s.line("Meta: %s", text)
}

func (s *story) line(format string, args ...any) {
	s.flush()
	fmt.Fprintf(s.w, indent+format+"\n", args...)
}

// attempt tells one attempt of a call, and what the SDK makes of it. Reads are
// told together, before the next write or sentence, and in the order of their
// paths: some ran at the same time, and would read differently in every run.
func (s *story) attempt(end wagraph.TraceEnd) {
	if len(s.doc.Steps) == 0 {
		return // a fault's preparation
	}
	call := callDoc{Method: end.Method, Path: path(end.Route, end.IDs), Attempt: end.Attempt, Status: end.Status, Again: end.Retry}
	call.verdict = "ok"
	if e, ok := errors.AsType[*wagraph.Error](end.Err); ok {
		call.Kind, call.Code, call.Subcode = e.Kind, e.Code, e.Subcode
		call.verdict = judged(end, e)
	}
	if end.Method != http.MethodGet {
		s.flush()
	}
	s.pending = append(s.pending, call)
	if end.Method != http.MethodGet {
		s.flush()
	}
}

// flush tells the attempts that were held back.
func (s *story) flush() {
	if len(s.pending) == 0 {
		return
	}
	slices.SortStableFunc(s.pending, func(a, b callDoc) int { return strings.Compare(a.Path, b.Path) })
	step := s.step()
	step.Attempts = append(step.Attempts, s.pending...)
	for _, call := range s.pending {
		if s.verbose {
			fmt.Fprintf(s.w, indent+"| %s %s: %s\n", call.Method, call.Path, call.verdict)
		}
	}
	s.pending = nil
}

// judged says what came of a failed attempt.
func judged(end wagraph.TraceEnd, e *wagraph.Error) string {
	text := reason(e)
	switch {
	case e.Code != 0 && e.Subcode != 0:
		text += fmt.Sprintf(" (code %d, subcode %d)", e.Code, e.Subcode)
	case e.Code != 0:
		text += fmt.Sprintf(" (code %d)", e.Code)
	case e.Status == 0:
		text += " (no answer)"
	default:
		text += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf("; Meta names a wait of %v", e.RetryAfter.Round(time.Second))
	}
	if end.Retry {
		return text + "; waits, and sends it again"
	}
	return text + "; not sent again"
}

// path is a route with its ids.
func path(route string, ids []string) string {
	for _, id := range ids {
		start, end := strings.IndexByte(route, '{'), strings.IndexByte(route, '}')
		if start < 0 || end < start {
			break
		}
		route = route[:start] + id + route[end+1:]
	}
	return route
}
