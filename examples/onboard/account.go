package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// account prints the run step by step, as the Flow's Progress reports it, and
// keeps it for -json. Against the simulator every run prints the same text,
// except for the times of steps that have to wait.
type account struct {
	*cli.Printer
	progress *cli.Progress
	verbose  bool
	speaker  string // who answers: Meta or the simulator
	asks     bool   // a person is asked before the first write
	out      io.Writer
	json     bool

	doc   document
	calls []callDoc // of the step that runs
}

func newAccount(p cli.Process, progress *cli.Progress, opts options) *account {
	told := p.Out
	if opts.json {
		told = p.Err
	}
	return &account{
		Printer: cli.NewPrinter(told, p.Env), progress: progress, out: p.Out, json: opts.json,
		verbose: opts.verbose || opts.fault != "", doc: document{Records: []*recordDoc{}},
	}
}

// indent is the width of a step's number and name, before its text.
const indent = "              "

func (a *account) open(to *target.Target, opts options) {
	a.doc.Target, a.doc.Simulated, a.doc.Version = to.String(), to.Simulator != nil, to.Client.Version()
	a.doc.Fault, a.doc.DryRun = opts.fault, opts.dryRun
	a.Line("", "Onboarding a client through %s, Graph %s", to, to.Client.Version())
	if f, ok := findFault(opts.fault); ok {
		a.Line("", "Fault %s: %s", f.name, f.what)
	}
	if opts.dryRun {
		a.Line("", "Dry run: only reads")
	}
	a.Line("", "")
}

// began prints that Begin found a record and had nothing to do for it. Otherwise the
// Flow's Progress has printed what it did.
func (a *account) began(record onboard.Record) {
	if len(a.record(record).Steps) == 0 {
		a.Line("", "This signup has a record already, and is not exchanged again")
	}
}

// goesOn prints what an earlier run did for the record.
func (a *account) goesOn(record onboard.Record) {
	a.record(record)
	var done []string
	for _, step := range record.Steps {
		if step.State == onboard.StepDone || step.State == onboard.StepSkipped {
			done = append(done, stepTitle(record, step))
		}
	}
	if len(a.record(record).Steps) == 0 && len(done) > 0 {
		a.Line("", "Goes on with record %s, which is %s. Done: %s", record.ID, record.State, strings.Join(done, ", "))
		a.Line("", "")
	}
}

// final prints that an earlier run finished the record.
func (a *account) final(record onboard.Record) {
	a.record(record)
	a.Line("", "Record %s is %s: nothing to do", record.ID, record.State)
}

// step prints how a step ended. It is the Flow's Progress.
func (a *account) step(record onboard.Record, step onboard.StepRecord) {
	a.progress.Clear()
	doc := a.record(record)
	told := stepDoc{
		Name: step.Name, Subject: step.Subject, State: step.State, Attempts: step.Attempts,
		NotBefore: step.NotBefore, Reason: step.Reason, Kind: step.Kind, Calls: a.takeCalls(),
	}
	number := 1 + slices.IndexFunc(record.Steps, func(s onboard.StepRecord) bool { return s.Name == step.Name && s.Subject == step.Subject })
	a.Labelled("", cli.Heading, fmt.Sprintf("%2d %-10s", number, step.Name), "%s", purpose(step))
	for _, call := range told.Calls {
		if a.verbose {
			a.Hanging(indent+"| ", "%s %s: %s", call.Method, call.Path, call.verdict)
		}
	}
	switch step.State {
	case onboard.StepDone:
		told.Did, told.Answers = a.facts(record, step, told.Calls)
	case onboard.StepSkipped:
		told.Did = []string{"not needed: " + step.Reason}
	}
	for _, text := range told.Did {
		a.Line(indent, "%s", text)
	}
	for _, text := range told.Answers {
		a.Labelled(indent, cli.Quoted, a.speaker+":", "%s", text)
	}
	switch step.State {
	case onboard.StepFailed:
		a.Labelled(indent, cli.Bad, "stopped:", "%s", reason(step, told.Calls))
	case onboard.StepOpen:
		a.Labelled(indent, cli.Waiting, "later:", "%s; tried again %s", reason(step, told.Calls), when(step.NotBefore))
	}
	doc.Steps = append(doc.Steps, told)
	doc.State = record.State
}

// reason says in a few words why a step did not end, if a call failed. The
// whole error is in the record, and on stderr with what to do.
func reason(step onboard.StepRecord, calls []callDoc) string {
	failed := slices.ContainsFunc(calls, func(c callDoc) bool { return c.Kind != "" })
	switch {
	case step.Kind == graph.ErrThrottled && !failed:
		return "held back by the pacer, because the quota is used up"
	case step.Kind == "" || !failed:
		return step.Reason
	case step.Name == onboard.StepConfirm && step.Kind == graph.ErrInvalid:
		return "the signup is not what it claims to be"
	case step.Name == onboard.StepToken && step.State == onboard.StepOpen && step.Kind == graph.ErrInvalid:
		return "the code was exchanged before"
	case step.Kind == graph.ErrWait:
		return "refused until a later time"
	}
	return strings.ReplaceAll(strings.TrimPrefix(string(step.Kind), "wagraph: "), "_", " ")
}

// when says how long from now something is due and, if that is not soon, at what
// time.
func when(due time.Time) string {
	wait := max(time.Until(due), 0)
	switch {
	case wait < time.Second:
		return "at once"
	case wait < time.Minute:
		return "in " + cli.Duration(wait)
	}
	return fmt.Sprintf("in %s, at %s UTC", cli.Duration(wait.Round(time.Minute)), due.UTC().Format("2006-01-02 15:04"))
}

// attempt keeps one attempt of a call for the step that runs. Some calls run at
// the same time: reads are sorted by their paths, because their order differs
// between runs.
func (a *account) attempt(end graph.TraceEnd) {
	call := callDoc{Method: end.Method, Path: path(end.Route, end.IDs), Attempt: end.Attempt, Status: end.Status, Again: end.Retry}
	call.verdict = "ok"
	if e, ok := errors.AsType[*graph.Error](end.Err); ok {
		call.Kind, call.Code, call.Subcode = e.Kind, e.Code, e.Subcode
		call.verdict = a.judged(end, e)
	}
	a.calls = append(a.calls, call)
}

// takeCalls returns the calls since the last step.
func (a *account) takeCalls() []callDoc {
	calls := a.calls
	a.calls = nil
	for from := 0; from < len(calls); from++ {
		to := from
		for to < len(calls) && calls[to].Method == http.MethodGet {
			to++
		}
		slices.SortStableFunc(calls[from:to], func(a, b callDoc) int { return strings.Compare(a.Path, b.Path) })
		from = max(from, to)
	}
	return calls
}

// judged says how an attempt failed, and what follows.
func (a *account) judged(end graph.TraceEnd, e *graph.Error) string {
	text := strings.TrimPrefix(strings.ReplaceAll(string(e.Kind), "_", " "), "wagraph: ")
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
		text += fmt.Sprintf("; the %s names a wait of %s", a.speaker, cli.Duration(e.RetryAfter))
		text = strings.Replace(text, "the Meta", "Meta", 1)
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

// close prints the summary and, with -json, the document.
func (a *account) close(count meter.Count, stop *cli.StopError) error {
	a.progress.Clear()
	a.doc.Done, a.doc.Calls, a.doc.RoundTrips = stop == nil, count.Calls, count.RoundTrips
	if stop != nil {
		a.doc.Error = &errorDoc{Message: stop.Error(), Kind: graph.KindOf(stop), Next: stop.Next, Later: stop.Exit == cli.ExitLater}
	}
	a.summary()
	if !a.json {
		return nil
	}
	return writeJSON(a.out, a.doc)
}
