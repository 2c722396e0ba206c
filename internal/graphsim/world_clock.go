package graphsim

import (
	"errors"
	"time"
)

// isoLayout is Graph's datetime. The offset has no colon, so it is not RFC 3339.
const isoLayout = "2006-01-02T15:04:05-0700"

// Now returns the simulator's time: the time of the process (inside a synctest bubble,
// that of the bubble) plus everything that Advance added.
func (s *Sim) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// Advance moves the simulator's time forward without waiting, for example past the 30
// seconds of a code or the 72 hours of the registration limit.
func (s *Sim) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
}

// maxAhead is how far the control API can move the clock. A Go duration ends at 292
// years, and one that overflows would turn time back.
const maxAhead = 100 * 365 * 24 * time.Hour

// advanceBy is Advance with a check, for callers that can ask for anything.
func (s *Sim) advanceBy(d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case d <= 0:
		return errors.New(`advance must be a time to go ahead by, such as "31s" or "72h"; the clock does not go back`)
	case d > maxAhead-s.offset:
		return errors.New("the clock goes ahead by 100 years at most")
	}
	s.offset += d
	return nil
}

func (s *Sim) now() time.Time { return time.Now().Add(s.offset) }

// iso formats a Unix time as Graph does. Zero means that the field is absent.
func iso(unix int64) any {
	if unix == 0 {
		return nil
	}
	return time.Unix(unix, 0).UTC().Format(isoLayout)
}
