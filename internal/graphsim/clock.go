package graphsim

import "time"

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

func (s *Sim) now() time.Time { return time.Now().Add(s.offset) }

// iso prints a Unix time the way Graph does; zero means the field is absent.
func iso(unix int64) any {
	if unix == 0 {
		return nil
	}
	return time.Unix(unix, 0).UTC().Format(isoLayout)
}
