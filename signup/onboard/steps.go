package onboard

import (
	"context"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// stepRow describes one kind of step. Running a step, its readiness and the
// opening of steps all read the rows of the table steps.
type stepRow struct {
	name StepName
	// does says what the step does. The list in doc.go prints it.
	does string
	// run does the work. It looks before it acts, so that it can be done again at
	// any time. What it returns is applied to the record, also beside an error.
	run func(*job, context.Context) (func(*Record), error)
	// per says what the step is done for: the record, each WABA or each number.
	per stepScope
	// after names the step that has to be done before, for the same subject if
	// both steps have the same scope. Empty: it is ready at once.
	after StepName
	// afterAll holds the step back until no other step is open.
	afterAll bool
	// essential reports whether the record fails if the step fails; nil: never.
	essential func(*Record) bool
	// when reports whether a configuration needs the step; nil: always.
	when func(Config) bool
	// onRequest marks a step that only a method of Flow opens.
	onRequest bool
	// changes marks a step that changes an asset of the client. No other worker may
	// change the assets at the same time, for no record.
	changes bool
}

// stepScope is what a step is done for.
type stepScope string

const (
	perRecord  stepScope = "record"
	perAccount stepScope = "WABA"
	perNumber  stepScope = "number"
)

// steps is the onboarding. To add a step, add a row here, its function and its
// StepName; a test compares the table with the list in doc.go.
var steps = []stepRow{
	{
		name: StepToken, per: perRecord, essential: always, run: (*job).token,
		does: "exchange the code; fetch the token if the answer was lost",
	},
	{
		name: StepInspect, per: perRecord, after: StepToken, essential: always, run: (*job).inspect,
		does: "ask Meta what the token grants",
	},
	{
		name: StepConfirm, per: perRecord, after: StepInspect, essential: always, run: (*job).confirm,
		does: "read the WABAs, their owner and their numbers",
	},
	{
		name: StepApprove, per: perRecord, after: StepConfirm, essential: always, run: (*job).approve,
		does: "ask Config.Approve, before the first write",
	},
	{
		name: StepSubscribe, per: perAccount, after: StepApprove, changes: true, essential: always, run: (*job).subscribe,
		does: "subscribe the app to the webhooks",
	},
	{
		name: StepCallback, per: perAccount, after: StepSubscribe, changes: true, when: hasCallback, run: (*job).callback,
		does: "send the webhooks to Config.Callback",
	},
	{
		name: StepAssign, per: perAccount, after: StepApprove, changes: true, essential: withTokenOfUser, when: hasSystemUser, run: (*job).assign,
		does: "assign Config.SystemUser",
	},
	{
		name: StepShare, per: perAccount, after: StepApprove, changes: true, essential: always, when: hasLine, run: (*job).share,
		does: "share the credit line Config.Line",
	},
	{
		name: StepRegister, per: perNumber, after: StepApprove, changes: true, essential: always, run: (*job).register,
		does: "register the number, with its own PIN",
	},
	{
		name: StepCheck, per: perRecord, afterAll: true, essential: always, run: (*job).check,
		does: "read everything again",
	},
	{
		name: StepReregister, per: perNumber, after: StepApprove, changes: true, onRequest: true, run: (*job).reregister,
		does: "register again for a new display name",
	},
}

func always(*Record) bool { return true }

// withTokenOfUser makes the assignment essential: a person's token lives hours,
// and the partner's own token does the work afterwards.
func withTokenOfUser(r *Record) bool { return r.TokenOfUser }

func hasCallback(c Config) bool   { return c.Callback != nil }
func hasSystemUser(c Config) bool { return c.SystemUser != "" }
func hasLine(c Config) bool       { return c.Line != "" }

// rowOf finds the row of a step. A record that a newer version wrote may have
// steps without a row: they are ready at once, and skipped.
func rowOf(name StepName) (stepRow, bool) {
	for _, row := range steps {
		if row.name == name {
			return row, true
		}
	}
	return stepRow{}, false
}

// configuredSteps lists the rows that a Flow with this configuration opens.
func configuredSteps(cfg Config) []stepRow {
	var rows []stepRow
	for _, row := range steps {
		if !row.onRequest && (row.when == nil || row.when(cfg)) {
			rows = append(rows, row)
		}
	}
	return rows
}

// openSteps opens the steps of the Flow that match, for one subject.
func (f *Flow) openSteps(r *Record, subject string, match func(stepRow) bool) {
	for _, row := range f.steps {
		if match(row) {
			r.openStep(row, subject)
		}
	}
}

// The moments at which steps are opened: the beginning, when the token is in
// the vault, and when the WABAs and numbers are confirmed.
func atBeginning(row stepRow) bool { return row.after == "" && !row.afterAll }
func withToken(row stepRow) bool   { return row.per == perRecord && !row.afterAll }
func ofAccount(row stepRow) bool   { return row.per == perAccount }
func ofNumber(row stepRow) bool    { return row.per == perNumber }
func atEnd(row stepRow) bool       { return row.afterAll }

// openStep opens a step, unless the record has it for the subject.
func (r *Record) openStep(row stepRow, subject string) *StepRecord {
	if step := r.Step(row.name, subject); step != nil {
		return step
	}
	r.Steps = append(r.Steps, StepRecord{
		Name: row.name, Subject: subject, State: StepOpen, Essential: row.essential != nil && row.essential(r),
	})
	return &r.Steps[len(r.Steps)-1]
}

// ready lists the steps that may be done now.
func (r *Record) ready(now time.Time) []StepRecord {
	if r.State.Final() {
		return nil
	}
	var ready []StepRecord
	for _, step := range r.Steps {
		if step.State == StepOpen && !step.NotBefore.After(now) && r.unlocked(step) {
			ready = append(ready, step)
		}
	}
	return ready
}

// previous finds the step that another one comes after; nil if the record does
// not have it.
func (r *Record) previous(row stepRow, subject string) *StepRecord {
	if before, _ := rowOf(row.after); before.per != row.per {
		subject = ""
	}
	return r.Step(row.after, subject)
}

// unlocked reports whether everything that a step depends on is done.
func (r *Record) unlocked(step StepRecord) bool {
	if needed := r.needed(step); needed != nil && needed.State == StepOpen {
		return false
	}
	row, known := rowOf(step.Name)
	switch {
	case !known:
		return true
	case row.afterAll:
		for _, other := range r.Steps {
			if other.Name != row.name && other.State == StepOpen || other.Essential && other.State == StepFailed {
				return false
			}
		}
		return true
	case row.after == "":
		return true
	}
	return r.previous(row, step.Subject).over()
}

// needed returns the step that an answer of Meta showed to be needed before another
// one, or nil: the step of the same subject, or of the number's WABA.
func (r *Record) needed(step StepRecord) *StepRecord {
	if step.Needs == "" {
		return nil
	}
	if needed := r.Step(step.Needs, step.Subject); needed != nil {
		return needed
	}
	if number := r.Number(graph.PhoneNumberID(step.Subject)); number != nil {
		return r.Step(step.Needs, string(number.WABA))
	}
	return nil
}

// reachable reports whether an open step can still become ready: no step that it
// depends on has failed.
func (r *Record) reachable(step StepRecord) bool {
	row, known := rowOf(step.Name)
	switch {
	case !known:
		return true
	case row.afterAll:
		return !slices.ContainsFunc(r.Steps, func(other StepRecord) bool {
			return other.Essential && other.Name != row.name && r.blocks(&other)
		})
	case row.after == "":
		return true
	}
	return !r.blocks(r.previous(row, step.Subject))
}

// blocks reports whether a step will never be done, so that the steps after it
// are never ready.
func (r *Record) blocks(step *StepRecord) bool {
	return step == nil || step.State == StepFailed || step.State == StepOpen && !r.reachable(*step)
}

// over reports whether the step was done or skipped. A nil step was not.
func (s *StepRecord) over() bool {
	return s != nil && (s.State == StepDone || s.State == StepSkipped)
}

// settle sets the record's state from its steps.
func (r *Record) settle() {
	if r.State.Final() {
		return
	}
	if r.State == StateExchanging {
		if step := r.Step(StepToken, ""); step != nil && step.State == StepFailed {
			r.State = StateFailed
		}
		return
	}
	open, failed := false, false
	for _, step := range r.Steps {
		switch {
		case step.State == StepOpen && r.reachable(step):
			open = true
		case step.State == StepFailed && step.Essential:
			failed = true
		}
	}
	switch {
	case open:
		r.State = StateRunning
	case failed:
		r.State = StateFailed
	default:
		r.State = StateDone
	}
}
