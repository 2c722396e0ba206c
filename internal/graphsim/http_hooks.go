package graphsim

import "slices"

// hook is one registered Control function.
type hook struct {
	route  string
	fn     func(*Call) *Fault
	times  int  // calls it still applies to; zero is all of them
	spent  bool // its calls are used up
	remote bool // it came over the control API
}

// Control registers a hook for a route such as "GET /{waba-id}/phone_numbers"; "" is
// every call, and a route without a method every method. Hooks see calls before they
// happen, the operations of a batch one by one, newest hook first; the first fault
// that a hook returns is applied, nil lets the call pass. They run without the
// simulator's lock and may use it. Control panics on a route the simulator does not
// have, because such a hook would silently never fire, and a call panics that is to
// meet a fault which [Fault.Check] refuses.
func (s *Sim) Control(route string, fn func(*Call) *Fault) (remove func()) {
	h := &hook{route: placeholderAliases.Replace(route), fn: fn}
	if !s.schema.knowsRoute(h.route) {
		panic("graphsim: no route " + route)
	}
	s.addHook(h)
	return func() { s.dropHooks(func(x *hook) bool { return x == h }) }
}

func (s *Sim) addHook(h *hook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, h)
}

// dropHooks works on a copy: calls under way keep the hooks they started with.
func (s *Sim) dropHooks(drop func(*hook) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = slices.DeleteFunc(slices.Clone(s.hooks), drop)
}

// clearFaults removes what the control API set, not the hooks of tests.
func (s *Sim) clearFaults() { s.dropHooks(func(h *hook) bool { return h.remote }) }

// hooksFor picks the hooks of a call, newest first. The caller holds the lock.
func (s *Sim) hooksFor(c *Call) []*hook {
	var list []*hook
	for _, h := range slices.Backward(s.hooks) {
		if !h.spent && matchesRoute(h.route, c.Method, c.Route) {
			list = append(list, h)
		}
	}
	return list
}

// fire asks the hooks outside the lock. No fault is a fault that does nothing.
func (s *Sim) fire(hooks []*hook, c *Call) *Fault {
	for _, h := range hooks {
		f := h.fn(c)
		if f == nil || !s.applies(h) {
			continue
		}
		if err := f.Check(); err != nil {
			panic("graphsim: " + err.Error())
		}
		return f
	}
	return &Fault{}
}

// applies counts one application of a hook. A hook that was not reached keeps its count,
// so that faults set one after another wait for one another; and of calls at once, a
// limit of one hits one.
func (s *Sim) applies(h *hook) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.spent {
		return false
	}
	if h.times > 0 {
		h.times--
		h.spent = h.times == 0
	}
	return true
}
