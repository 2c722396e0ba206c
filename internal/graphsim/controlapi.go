package graphsim

const controlPrefix = "/__sim/"

func (s *Sim) control(r *request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	return reply{status: 404, cut: -1}
}
