package graphsim

import (
	"errors"
	"fmt"
	"net/http"
)

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
