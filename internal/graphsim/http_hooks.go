package graphsim

import "slices"

// hook is one registered Control function.
type hook struct {
	route  string
	fn     func(*Call) *Fault
	times  int  // how many calls it still applies to; zero means all
	spent  bool // it applies to no more calls
	remote bool // the control API set it
}

// Control registers a hook for a route such as "GET /{waba-id}/phone_numbers". An empty
// route stands for all calls, and a route without a method for all methods.
//
// Hooks see a call before it happens, and each operation of a batch. The newest hook is
// asked first. The first fault that a hook returns is applied; nil lets the call pass.
// Hooks run without the simulator's lock, so they may use the simulator.
//
// Control panics on a route that the simulator does not have, because the hook would
// never be called. A call panics if a hook returns a fault that [Fault.Check] refuses.
func (s *Sim) Control(route string, fn func(*Call) *Fault) (remove func()) {
	h := &hook{route: placeholderAliases.Replace(route), fn: fn}
	if !s.schema.knowsRoute(h.route) {
		panic("graphsim: there is no route " + route)
	}
	s.addHook(h)
	return func() { s.dropHooks(func(x *hook) bool { return x == h }) }
}

func (s *Sim) addHook(h *hook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, h)
}

// dropHooks works on a copy: calls that have begun keep their hooks.
func (s *Sim) dropHooks(drop func(*hook) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = slices.DeleteFunc(slices.Clone(s.hooks), drop)
}

// clearFaults removes the faults of the control API, not the hooks of tests.
func (s *Sim) clearFaults() { s.dropHooks(func(h *hook) bool { return h.remote }) }

// hooksFor returns the hooks for a call, newest first. The caller holds the lock.
func (s *Sim) hooksFor(c *Call) []*hook {
	var list []*hook
	for _, h := range slices.Backward(s.hooks) {
		if !h.spent && matchesRoute(h.route, c.Method, c.Route) {
			list = append(list, h)
		}
	}
	return list
}

// fire asks the hooks without the lock. If none returns a fault, the result is a fault
// that changes nothing.
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

// applies counts one use of a hook, and reports whether the hook still applies. A hook
// that was not asked keeps its count, so that several faults on a route happen one
// after another. Of several calls at the same time, a limit of one stops one.
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
