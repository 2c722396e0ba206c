package graphsim

import (
	"errors"
	"time"
)

// isoLayout is Graph's datetime: no colon in the offset, so not RFC 3339.
const isoLayout = "2006-01-02T15:04:05-0700"

// Now is the simulator's time: the process's clock (inside a synctest bubble, the
// bubble's) plus everything Advance added.
func (s *Sim) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// Advance moves the simulator's time forward, for example past the 30 seconds of a
// code or the 72 hours of the registration limit, without waiting.
func (s *Sim) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
}

// maxAhead is as far as the control API moves the clock. Durations end at 292 years,
// and one that overflows would turn time back.
const maxAhead = 100 * 365 * 24 * time.Hour

// advanceBy is Advance for who may ask for anything.
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

// iso prints a Unix time the way Graph does; zero means the field is absent.
func iso(unix int64) any {
	if unix == 0 {
		return nil
	}
	return time.Unix(unix, 0).UTC().Format(isoLayout)
}
