package onboard

import "time"

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

// unlocked tells whether everything that a step depends on is done.
func (r *Record) unlocked(step StepRecord) bool {
	if step.Needs != "" {
		if needed := r.Step(step.Needs, step.Subject); needed != nil && needed.State == StepOpen {
			return false
		}
	}
	switch step.Name {
	case StepInspect:
		return r.ended(StepToken, "")
	case StepConfirm:
		return r.ended(StepInspect, "")
	case StepApprove:
		return r.ended(StepConfirm, "")
	case StepSubscribe, StepAssign, StepShare, StepRegister:
		return r.ended(StepApprove, "")
	case StepCallback:
		return r.ended(StepSubscribe, step.Subject)
	case StepCheck:
		for _, other := range r.Steps {
			if other.Name != StepCheck && other.State == StepOpen || other.Essential && other.State == StepFailed {
				return false
			}
		}
	}
	return true
}

// ended tells whether a step was done or skipped.
func (r *Record) ended(name StepName, subject string) bool {
	step := r.Step(name, subject)
	return step != nil && (step.State == StepDone || step.State == StepSkipped)
}

// settle draws the record's state from its steps.
func (r *Record) settle() {
	if r.State.Final() {
		return
	}
	if r.State == StateExchanging {
		if r.Step(StepToken, "").State == StepFailed {
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

// reachable tells whether an open step can still become ready: nothing that it
// depends on has failed.
func (r *Record) reachable(step StepRecord) bool {
	blocked := func(name StepName, subject string) bool {
		on := r.Step(name, subject)
		return on == nil || on.State == StepFailed || on.State == StepOpen && !r.reachable(*on)
	}
	switch step.Name {
	case StepInspect:
		return !blocked(StepToken, "")
	case StepConfirm:
		return !blocked(StepInspect, "")
	case StepApprove:
		return !blocked(StepConfirm, "")
	case StepSubscribe, StepAssign, StepShare, StepRegister:
		return !blocked(StepApprove, "")
	case StepCallback:
		return !blocked(StepSubscribe, step.Subject)
	case StepCheck:
		for _, other := range r.Steps {
			if other.Essential && other.Name != StepCheck &&
				(other.State == StepFailed || other.State == StepOpen && !r.reachable(other)) {
				return false
			}
		}
	}
	return true
}

// addStep opens a step if there is none of that name for the subject.
func (r *Record) addStep(name StepName, subject string, essential bool) {
	if r.Step(name, subject) == nil {
		r.Steps = append(r.Steps, StepRecord{Name: name, Subject: subject, State: StepOpen, Essential: essential})
	}
}
